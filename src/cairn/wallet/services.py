"""What learners do: claim, hand back, share.  Each is one transaction.

Locks are taken in this order: award, link, holding, user.  Who may claim is the rule of `claims`.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.catalogue.presentation import interface_language
from cairn.core.errors import Conflict, NotAllowed
from cairn.issuing.models import Award
from cairn.issuing.selectors import current_credential
from cairn.people.models import User
from cairn.people.selectors import verified_addresses
from cairn.people.services import claim_learner
from cairn.platform import audit, outbox
from cairn.wallet import claimants, mailing, sending
from cairn.wallet.claims import CLAIMING, OpenClaim, Step, digest, next_step
from cairn.wallet.models import ClaimLink, Holding, Mail

_DOUBLE_CLICK = timedelta(minutes=1)
LINKS_A_DAY = 3  # that one award may have asked for
_SHARE_KEY_BYTES = 24
_OF_AWARD = ("issuer", "learner", "version__achievement__creator", "offering")


@transaction.atomic
def prepare_claim(*, award_id: UUID, now: datetime) -> None:
    """Offer an award that was issued to its learner: one mail for each credential of it, ever."""
    award = Award.objects.select_related(*_OF_AWARD).get(pk=award_id)
    credential = current_credential(award) if award.state == Award.State.ISSUED else None
    if credential is None or ClaimLink.objects.filter(credential=credential).exists():
        return
    sending.close_links([award.id])
    holding, _made = Holding.objects.select_for_update().get_or_create(award=award)
    if holding.holder_id is None:
        holding.handed_back_at = None
        holding.save(update_fields=["handed_back_at"])
        mailing.order_link(
            award, credential, now, kind=Mail.Kind.CLAIM, occasion=str(credential.id)
        )


def open_claim(*, token: str, user: User | None, now: datetime) -> OpenClaim | None:
    """The link of `token` as `user` sees it; None if there is none.  Changes nothing."""
    link = ClaimLink.objects.select_related(*(f"award__{name}" for name in _OF_AWARD)).filter(
        token_sha256=digest(token)
    )
    return _opened(link.first(), user, now)


@transaction.atomic
def claim(
    *, token: str, user: User | None, adds_address: bool, browser: str, now: datetime
) -> tuple[Holding, User]:
    """Take what the link offers, and for whom; sent twice by one person it is taken once.

    `adds_address`: the person said yes to that question.  `browser`: a secret of theirs that both
    forms of a double click carry.  Raises `Conflict` if it is no longer on offer, `NotAllowed` if
    this person may not take it with this link.
    """
    opened = _locked(token, user, now)
    holder = opened.holding.holder
    if holder is not None and (opened.step is Step.HELD or _is_twin(opened.link, browser, now)):
        return opened.holding, holder
    if opened.step in (Step.TAKEN, Step.CLOSED):
        raise Conflict(_("this was claimed or closed meanwhile; open the link again to see which"))
    if opened.step not in CLAIMING or (opened.step is Step.ADD_ADDRESS and not adds_address):
        raise NotAllowed(_("this link does not let you claim as you are now; open it again"))
    opened.link.state, opened.link.used_at = ClaimLink.State.USED, now
    opened.link.used_by_sha256 = digest(browser)
    opened.link.save()
    claimant = _claimant(opened, user, now)
    return _hand_over(opened.holding, claimant, now), claimant


@transaction.atomic
def claim_waiting(*, holding_id: UUID, actor: User, now: datetime) -> Holding:
    """Take what was sent to an address that `actor` has proved.

    Raises `Conflict` if it is not on offer to them.
    """
    # The award before what hangs on it, as everywhere: its issuer may be changing it.
    Award.objects.select_for_update(of=("self",)).filter(holding=holding_id).first()
    holding = Holding.objects.select_for_update(of=("self",)).filter(pk=holding_id).first()
    if holding is not None and holding.holder_id == actor.pk:
        return holding
    is_offered = (
        holding is not None
        and holding.holder_id is None
        and holding.handed_back_at is None
        and holding.award.state == Award.State.ISSUED
        and holding.award.learner.email in verified_addresses(actor)
    )
    if holding is None or not is_offered:
        raise Conflict(_("this is not waiting for you any more; look at your credentials"))
    return _hand_over(holding, actor, now)


@transaction.atomic
def ask_for_fresh_link(*, token: str, user: User | None, now: datetime) -> None:
    """Mail a new link to the address that the old one went to.

    Raises `Conflict` if that would help nobody, or was done often enough for today.
    """
    opened = _locked(token, user, now)
    if opened.step is not Step.FRESH_LINK:
        raise Conflict(_("this link needs no new one; open it again"))
    award = opened.link.award
    if opened.link.email != award.learner.email:
        raise Conflict(_("this went to another address meanwhile"))
    recent = ClaimLink.objects.filter(award=award, created_at__gt=now - timedelta(days=1))
    if recent.count() >= LINKS_A_DAY:
        raise Conflict(_("links were sent a short while ago; look into your mail, or try tomorrow"))
    credential = current_credential(award)
    if credential is None:
        raise Conflict(_("it is being signed anew; try again in a moment"))
    mailing.order_link(award, credential, now, kind=Mail.Kind.AGAIN)


@transaction.atomic
def refuse(*, token: str, user: User | None, now: datetime) -> None:
    """Whoever got the link says "this isn't me", before anybody claimed.

    Raises `Conflict` if it was claimed or closed meanwhile.
    """
    opened = _locked(token, user, now)
    if opened.step in (Step.HELD, Step.TAKEN, Step.CLOSED):
        raise Conflict(_("this was claimed or closed meanwhile; open the link again to see which"))
    _give_back(opened.holding, user, now)


@transaction.atomic
def hand_back(*, holding_id: UUID, actor: User, now: datetime) -> None:
    """The holder says "this isn't me": nobody holds it any more, and its issuer is told."""
    _give_back(_held(holding_id, actor), actor, now)


@transaction.atomic
def void_links_of_award(*, award_id: UUID, now: datetime) -> None:
    """Its address was corrected: what was mailed so far opens nothing any more.

    The next `prepare_claim`, for the new credential, mails the new address.
    """
    award = Award.objects.select_related("learner").get(pk=award_id)
    stale = ClaimLink.objects.filter(award=award, state=ClaimLink.State.OPEN)
    voided = stale.exclude(email=award.learner.email).update(state=ClaimLink.State.VOID)
    if voided:
        _record("credential.void_links", award, None, now)


@transaction.atomic
def set_visibility(
    *, holding_id: UUID, actor: User, visibility: Holding.Visibility, now: datetime
) -> Holding:
    """Private takes the share key back for good; link-only makes one if none is out."""
    holding = _held(holding_id, actor)
    if visibility == Holding.Visibility.PRIVATE:
        holding.share_key = ""
    elif visibility == Holding.Visibility.LINK and not holding.share_key:
        holding.share_key = secrets.token_urlsafe(_SHARE_KEY_BYTES)
    return _save_sharing(holding, visibility, actor, now)


@transaction.atomic
def new_share_key(*, holding_id: UUID, actor: User, now: datetime) -> Holding:
    """Another link: the one that was handed out opens nothing any more.

    Raises `Conflict` unless it is link-only: a public page needs no key.
    """
    holding = _held(holding_id, actor)
    if holding.visibility != Holding.Visibility.LINK:
        raise Conflict(_("only a link-only credential has a link of its own"))
    holding.share_key = secrets.token_urlsafe(_SHARE_KEY_BYTES)
    return _save_sharing(holding, Holding.Visibility.LINK, actor, now)


def stop_sharing(*, holding_id: UUID, actor: User, now: datetime) -> Holding:
    """Nobody but the holder sees it from now on."""
    private = Holding.Visibility.PRIVATE
    return set_visibility(holding_id=holding_id, actor=actor, visibility=private, now=now)


def _opened(link: ClaimLink | None, user: User | None, now: datetime) -> OpenClaim | None:
    holding = Holding.objects.filter(award=link.award).first() if link else None
    if link is None or holding is None:
        return None
    return OpenClaim(link, holding, next_step(link, holding, user, now))


def _locked(token: str, user: User | None, now: datetime) -> OpenClaim:
    # The award too: its issuer may be sending it to another address, or withdrawing it.
    links = ClaimLink.objects.select_for_update(of=("self", "award")).select_related(
        *(f"award__{name}" for name in _OF_AWARD)
    )
    link = links.filter(token_sha256=digest(token)).first()
    if link is not None:
        Holding.objects.select_for_update().filter(award=link.award).first()
    opened = _opened(link, user, now)
    if opened is None:
        raise Conflict(_("there is no such link any more"))
    return opened


def _held(holding_id: UUID, actor: User) -> Holding:
    holdings = Holding.objects.select_for_update(of=("self",)).select_related("award")
    holding = holdings.filter(pk=holding_id, holder=actor).first()
    if holding is None:
        raise NotAllowed(_("this is not one of your credentials"))
    return holding


def _claimant(opened: OpenClaim, user: User | None, now: datetime) -> User:
    award, address = opened.link.award, opened.link.email
    if user is None:
        return claimants.new_account(
            address=address,
            name=award.recipient_name,
            language=interface_language(award.language),
        )
    if opened.step is Step.ADD_ADDRESS:
        claimants.add_address(user=user, address=address)
        _record("credential.add_address", award, user, now)
    return user


def _is_twin(link: ClaimLink, browser: str, now: datetime) -> bool:
    """Whether this is the second half of a double click, whose first half claimed."""
    is_same = bool(browser) and hmac.compare_digest(link.used_by_sha256, digest(browser))
    return is_same and link.used_at is not None and now - link.used_at < _DOUBLE_CLICK


def _hand_over(holding: Holding, user: User, now: datetime) -> Holding:
    holding.holder, holding.claimed_at = user, now
    holding.save(update_fields=["holder", "claimed_at"])
    sending.close_links([holding.award_id])
    learner = holding.award.learner
    # An address whose earlier owner claimed other awards stays theirs; each award has its holder.
    if learner.user_id in (None, user.pk):
        claim_learner(learner_id=learner.id, actor=user)
    _record("credential.claim", holding.award, user, now)
    _emit("credential.claimed", holding.award, now)
    return holding


def _give_back(holding: Holding, actor: User | None, now: datetime) -> None:
    holding.holder, holding.claimed_at, holding.handed_back_at = None, None, now
    holding.visibility, holding.share_key = Holding.Visibility.PRIVATE, ""
    holding.save()
    sending.close_links([holding.award_id])
    _record("credential.hand_back", holding.award, actor, now)
    _emit("credential.handed_back", holding.award, now)


def _save_sharing(
    holding: Holding, visibility: Holding.Visibility, actor: User, now: datetime
) -> Holding:
    holding.visibility = visibility
    holding.save(update_fields=["visibility", "share_key"])
    _record("credential.share", holding.award, actor, now, visibility=str(visibility))
    return holding


def _record(action: str, award: Award, actor: User | None, now: datetime, **details: str) -> None:
    audit.record(
        action,
        organisation_id=award.issuer_id,
        actor_id=actor.pk if actor else None,
        subject_kind="award",
        subject_id=award.id,
        at=now,
        **details,
    )


def _emit(kind: str, award: Award, now: datetime) -> None:
    outbox.emit(kind, organisation_id=award.issuer_id, subject_id=award.id, at=now)
