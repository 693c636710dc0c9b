"""What members may do with awards, and in which roles."""

from cairn.issuing.changes import Act
from cairn.organisations.access import Action
from cairn.organisations.models import Role

VIEW = Action.of("award.view", *Role)
AWARD = Action.of("award.create", Role.AWARDER, Role.REGISTRAR)
WITHDRAW = Action.of("award.withdraw", Role.AWARDER, Role.REGISTRAR)
CORRECT = Action.of("award.correct_address", Role.AWARDER, Role.REGISTRAR)
BATCH = Action.of("batch.create", Role.AWARDER, Role.REGISTRAR)  # also submits and withdraws
# Never by who uploaded or submitted it, which is not a matter of roles and checked by the service.
APPROVE_BATCH = Action.of("batch.approve", Role.REGISTRAR, Role.APPROVER)
SUSPEND = Action.of("award.suspend", Role.AWARDER, Role.REGISTRAR)
REINSTATE = Action.of("award.reinstate", Role.AWARDER, Role.REGISTRAR)
REPLACE = Action.of("award.replace", Role.AWARDER, Role.REGISTRAR)
MOVE_BACK = Action.of("award.move_back", Role.REGISTRAR)
SEND_AGAIN = Action.of("award.send_again", Role.AWARDER, Role.REGISTRAR)
EDIT_RENEWAL = Action.of("renewal.edit", Role.REGISTRAR, Role.DESIGNER)
# An owner alone: whoever awards or approves can't say that it is not needed.
SET_RULE = Action.of("approval.set_rule")
REGISTER_KEY = Action.of("approval.register_key", Role.REGISTRAR, Role.APPROVER)
CONFIRM_KEY = Action.of("approval.confirm_key")  # another owner than the holder
WITHDRAW_KEY = Action.of("approval.withdraw_key", Role.REGISTRAR, Role.APPROVER)  # one's own
SIGN_APPROVAL = Action.of("approval.sign", Role.REGISTRAR, Role.APPROVER)
OF_ACT = {
    Act.WITHDRAW: WITHDRAW,
    Act.SUSPEND: SUSPEND,
    Act.REINSTATE: REINSTATE,
    Act.REPLACE: REPLACE,
}
