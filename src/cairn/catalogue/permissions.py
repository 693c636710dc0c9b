"""What members may do with the achievements of their organisation.

An approver may also ask for changes; that nobody approves what they wrote on is not a matter of
roles, and checked by the service.
"""

from cairn.organisations.access import Action
from cairn.organisations.models import Role

VIEW = Action.of("achievement.view", *Role)
EDIT = Action.of("achievement.edit", Role.DESIGNER)  # also submits and withdraws drafts
SEE_REVIEWS = Action.of("achievement.see_reviews", Role.DESIGNER, Role.REVIEWER, Role.APPROVER)
REQUEST_CHANGES = Action.of("achievement.request_changes", Role.REVIEWER, Role.APPROVER)
APPROVE = Action.of("achievement.approve", Role.APPROVER)
RETIRE = Action.of("achievement.retire", Role.APPROVER)
OFFER = Action.of("achievement.offer", Role.DESIGNER, Role.AWARDER)
