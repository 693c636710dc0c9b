"""Reads of what people hold, and who may see it."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from cairn.core.verify.report import Outcome
from cairn.issuing.models import Award, Credential, SignedForm
from cairn.issuing.selectors import (
    credential_by_id,
    form_body,
    is_being_replaced,
    newest_of,
)
from cairn.people.models import User
from cairn.people.selectors import verified_addresses
from cairn.platform import storage
from cairn.wallet.addresses import share_url
from cairn.wallet.models import Holding
from cairn.wallet.pdf import Signed

_OF_AWARD = (
    "award__issuer",
    "award__offering",
    "award__learner",
    "award__version__achievement__creator",
)


@dataclass(frozen=True, slots=True)
class Visible:
    """A credential that somebody may see, and by which right."""

    holding: Holding
    credential: Credential
    is_holder: bool
    newest: Credential | None = None  # in its place, if it was replaced


def holdings_of(user: User) -> QuerySet[Holding]:
    """What `user` holds, newest award first.  One query."""
    found = Holding.objects.filter(holder=user).select_related(*_OF_AWARD)
    return found.order_by("-award__valid_from", "id")


def waiting_for(user: User) -> Sequence[Holding]:
    """What was sent to a verified address of `user` and not claimed yet.  Two queries."""
    addresses = verified_addresses(user)
    found = Holding.objects.filter(
        holder=None,
        handed_back_at=None,
        award__state=Award.State.ISSUED,
        award__learner__email__in=addresses,
    )
    return list(found.select_related(*_OF_AWARD).order_by("-award__valid_from", "id"))


def held_by(user: User, holding_id: UUID) -> Holding | None:
    """That holding, if it is the user's.  One query."""
    return holdings_of(user).filter(id=holding_id).first()


def visible(credential_id: UUID, *, key: str, viewer: User | None) -> Visible | None:
    """The credential at /c/<id>, if this viewer may see it.

    Its holder may, whoever has its share key while it is link-only, and all while it is public: one
    that was replaced too, by the settings of its award.  Before it is claimed nobody may, nor one
    whose award was sent to another address.  Two queries, more for one that was replaced.
    """
    credential = credential_by_id(credential_id)
    if credential is None:
        return None
    claimed = Q(award=credential.award, holder__isnull=False, handed_back_at=None)
    holding = Holding.objects.filter(claimed).select_related(*_OF_AWARD).first()
    if holding is None:
        return None
    is_holder = viewer is not None and holding.holder_id == viewer.pk
    if not is_holder and not is_open(holding, key):
        return None
    if credential.is_current or is_being_replaced(credential):
        return Visible(holding, credential, is_holder)
    newest = newest_of(credential.id)
    return Visible(holding, credential, is_holder, newest) if newest is not None else None


def is_open(holding: Holding, key: str) -> bool:
    """Whether `key`, or none, opens the page."""
    if holding.visibility == Holding.Visibility.PUBLIC:
        return True
    if holding.visibility == Holding.Visibility.PRIVATE or not holding.share_key:
        return False
    return hmac.compare_digest(holding.share_key.encode(), key.encode())


def for_pdf(holding: Holding, credential: Credential) -> tuple[Signed, bytes | None]:
    """What the PDF carries besides words: the signed bytes and the badge.  One query."""
    body = form_body(credential, SignedForm.Form.DATA_INTEGRITY)
    if body is None or credential.signed_at is None:
        raise LookupError(f"credential {credential.id} is signed and has no JSON")
    is_shared = holding.visibility != Holding.Visibility.PRIVATE
    link = share_url(holding, credential.id)
    signed = Signed(body, credential.signed_at, link, is_open=is_shared)
    return signed, storage.stored(holding.award.version.image_sha256)


def standing(award: Award, now: datetime) -> Outcome:
    """How an award stands by our own records, without asking its signature."""
    match Award.State(award.state):
        case Award.State.WITHDRAWN:
            return Outcome.WITHDRAWN
        case Award.State.SUSPENDED:
            return Outcome.SUSPENDED
        case Award.State.REPLACED:
            return Outcome.REPLACED
        case Award.State.ISSUED | Award.State.PLANNED:
            if award.valid_until is not None and award.valid_until < now:
                return Outcome.EXPIRED
            return Outcome.IN_FORCE if award.valid_from <= now else Outcome.NOT_YET_IN_FORCE
