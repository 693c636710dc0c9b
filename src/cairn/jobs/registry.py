"""Who consumes which events, and who signs what: the one place where the rooms are wired.

A room below never calls one above; it writes an event, and this module says who is told.
"""

from datetime import datetime, timedelta
from functools import cache

from cairn.erasure import carrying_out, letters
from cairn.issuing import approver_notices, reissuing
from cairn.issuing import signing as issuing
from cairn.issuing.batches import execution as batches
from cairn.issuing.batches import files, planning, reading_job
from cairn.issuing.reissue_signing import sign_reissue_chunk
from cairn.jobs import keys, pruning
from cairn.jobs.consumers import Consumer, Consumers, Schedule
from cairn.jobs.signer import SignerJob
from cairn.organisations import clients, invitations
from cairn.organisations.models import Organisation
from cairn.platform import audit_sealing
from cairn.platform.models import OutboxEvent
from cairn.signing import orders, postponing, registers, rotation
from cairn.signing.services import PUBLISHED_AHEAD, activate_next_keys
from cairn.wallet import bulk, mailing, moving_back, notices, reminders, sending, wishes
from cairn.wallet import services as wallet

# Kinds of signing orders.
HANDLERS = {
    "credential": issuing.sign_credential,
    "status_list": issuing.sign_status_list,
    "batch_chunk": batches.sign_chunk,
    "batch_tokens": batches.sign_tokens,
    "register": registers.sign_register,
    "reissue_chunk": sign_reissue_chunk,
}
SCHEDULES = (
    Schedule("prune", timedelta(days=1), pruning.prune),
    Schedule("sweep_tables", timedelta(hours=1), files.sweep),
    Schedule("forget_requests", timedelta(hours=1), clients.forget_requests),
    Schedule("replace_keys", timedelta(hours=1), rotation.replace_due),
    Schedule("ask_security_module", timedelta(seconds=30), postponing.ask_again),
    Schedule("renew_status_lists", timedelta(minutes=10), issuing.renew_status_lists),
    Schedule("seal_recent_audit", timedelta(minutes=1), audit_sealing.seal_recent),
    Schedule("seal_all_audit", timedelta(hours=1), audit_sealing.seal_all),
    Schedule("carry_out_erasures", timedelta(minutes=10), carrying_out.carry_out_due),
    Schedule("mail_decisions", timedelta(minutes=5), letters.send_waiting),
    Schedule("remind_unclaimed", timedelta(minutes=30), reminders.remind_unclaimed),
    Schedule("remind_ending", timedelta(minutes=30), reminders.remind_ending),
    Schedule("send_mail", timedelta(seconds=10), mailing.send_waiting),
)


@cache
def standard_consumers() -> Consumers:
    """The consumers of this installation, made once a process: the signer learns as it works."""
    signer = SignerJob(HANDLERS)
    return {
        "signing.ordered": (Consumer("signer", signer.sign, give_up=signer.give_up),),
        "signing.waits": (Consumer("signer_goes_on", keys.go_on),),
        "key.wanted": (Consumer("make_key", keys.make_key),),
        "key.prepared": (Consumer("activate_keys", _activate_keys, delay=PUBLISHED_AHEAD),),
        "key.compromised": (Consumer("sign_anew", _sign_anew),),
        "batch.uploaded": (Consumer("read_table", _read_table, give_up=_give_table_up),),
        "batch.approved": (Consumer("plan_batch", _plan_batch, give_up=_give_plan_up),),
        "reissue.ordered": (Consumer("plan_reissue", _plan_reissue),),
        "credential.issued": (
            Consumer("prepare_claim", _prepare_claim),
            Consumer("tell_of_replacement", notices.tell_of_replacement),
        ),
        "approver.key_registered": (Consumer("tell_owners", _tell_of_key),),
        "approval.rule_set": (Consumer("tell_owners", _tell_of_rule),),
        "batch.chunk_signed": (Consumer("prepare_claims", _prepare_claims),),
        "credential.withdrawn": (Consumer("tell_holder", notices.tell_holder),),
        "award.replaced": (Consumer("meet_wishes", _meet_wishes),),
        "award.suspended": (Consumer("tell_holder", notices.tell_holder),),
        "award.reinstated": (Consumer("tell_holder", notices.tell_holder),),
        "award.link_wanted": (Consumer("send_link_again", _send_link_again),),
        "award.moved_back": (Consumer("take_back", moving_back.take_back),),
        "award.address_corrected": (Consumer("void_links", _void_links),),
        "member.invited": (Consumer("send_invitation", _send_invitation),),
    }


def _activate_keys(event: OutboxEvent, now: datetime) -> None:
    activate_next_keys(organisation=_organisation(event), now=now)


def _sign_anew(event: OutboxEvent, now: datetime) -> None:
    """Credentials are issued again by people; lists and registers must not wait for them."""
    organisation = _organisation(event)
    issuing.order_lists_anew(organisation, now)
    for register_id in organisation.registers.exclude(version=0).values_list("id", flat=True):
        orders.place(
            organisation=organisation,
            kind="register",
            subject_id=register_id,
            requester=None,
            now=now,
        )


def _read_table(event: OutboxEvent, now: datetime) -> None:
    reading_job.read(batch_id=event.subject_id, step=int(str(event.payload["step"])), now=now)


def _give_table_up(event: OutboxEvent, problem: str, now: datetime) -> None:
    reading_job.give_up(batch_id=event.subject_id, now=now)


def _plan_batch(event: OutboxEvent, now: datetime) -> None:
    planning.plan_batch(batch_id=event.subject_id, now=now)


def _give_plan_up(event: OutboxEvent, problem: str, now: datetime) -> None:
    planning.give_up(batch_id=event.subject_id, now=now)


def _plan_reissue(event: OutboxEvent, now: datetime) -> None:
    reissuing.plan(reissue_id=event.subject_id, now=now)


def _prepare_claim(event: OutboxEvent, now: datetime) -> None:
    wallet.prepare_claim(award_id=event.subject_id, now=now)


def _prepare_claims(event: OutboxEvent, now: datetime) -> None:
    bulk.prepare_claims(chunk_id=event.subject_id, now=now)


def _meet_wishes(event: OutboxEvent, now: datetime) -> None:
    reason = str(event.payload.get("reason", ""))
    wishes.meet(award_id=event.subject_id, reason=reason, now=now)


def _void_links(event: OutboxEvent, now: datetime) -> None:
    wallet.void_links_of_award(award_id=event.subject_id, now=now)


def _send_link_again(event: OutboxEvent, now: datetime) -> None:
    sending.send_link_again(award_id=event.subject_id, event_id=event.id, now=now)


def _tell_of_key(event: OutboxEvent, now: datetime) -> None:
    approver_notices.tell_of_key(key_id=event.subject_id)


def _tell_of_rule(event: OutboxEvent, now: datetime) -> None:
    approver_notices.tell_of_rule(rule_id=event.subject_id)


def _send_invitation(event: OutboxEvent, now: datetime) -> None:
    invitations.send(invitation_id=event.subject_id)


def _organisation(event: OutboxEvent) -> Organisation:
    return Organisation.objects.get(id=event.subject_id)
