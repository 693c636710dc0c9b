"""Who consumes which events, and who signs what: the one place where the rooms are wired.

A room below never calls one above; it writes an event, and this module says who is told.
"""

from datetime import datetime, timedelta
from functools import cache

from cairn.issuing import signing as issuing
from cairn.jobs.consumers import Consumer, Consumers, Schedule
from cairn.jobs.signer import SignerJob
from cairn.organisations.models import Organisation
from cairn.platform.models import OutboxEvent
from cairn.signing import registers
from cairn.signing.services import PUBLISHED_AHEAD, activate_next_keys
from cairn.wallet.mailing import mail_unsent_links
from cairn.wallet.services import prepare_claim, void_links_of_award

HANDLERS = {
    "credential": issuing.sign_credential,
    "status_list": issuing.sign_status_list,
    "register": registers.sign_register,
}
SCHEDULES = (
    Schedule("renew_status_lists", timedelta(minutes=10), issuing.renew_status_lists),
    Schedule("mail_unsent_claim_links", timedelta(minutes=5), mail_unsent_links),
)


@cache
def standard_consumers() -> Consumers:
    """The consumers of this installation, made once a process: the signer learns as it works."""
    signer = SignerJob(HANDLERS)
    return {
        "signing.ordered": (Consumer("signer", signer.sign, give_up=signer.give_up),),
        "credential.issued": (Consumer("prepare_claim", _prepare_claim),),
        "award.address_corrected": (Consumer("void_claim_links", _void_claim_links),),
        "key.prepared": (Consumer("activate_keys", _activate_keys, delay=PUBLISHED_AHEAD),),
    }


def _activate_keys(event: OutboxEvent, now: datetime) -> None:
    activate_next_keys(organisation=Organisation.objects.get(id=event.subject_id), now=now)


def _prepare_claim(event: OutboxEvent, now: datetime) -> None:
    prepare_claim(award_id=event.subject_id, now=now)


def _void_claim_links(event: OutboxEvent, now: datetime) -> None:
    void_links_of_award(award_id=event.subject_id, now=now)
