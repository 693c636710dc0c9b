"""Claim links: what one proves about whoever opens it, and what they may do next.

The rule, against links that are forwarded, read by scanners, or reach the next owner of an address:

- Opening a link changes nothing; a confirmed form does.  A link claims one award, once.
- A link never signs in to an account that exists.  If an account has proved the address, its person
  signs in first (with a code to the address, or a password) and then claims.
- Without such an account, a link no older than `PROVES_ADDRESS` makes one with the address and
  signs in to it.  Whoever reads the mail of the address can always enter that account later, with a
  code, so a link that went astray takes nothing away from them for good.
- An address is added to another account, for which there is no way back, only by a link no older
  than `ADDS_ADDRESS`, and after a question that names the address.
- Two accounts are never merged.
- An older link, or one past its end, gets a fresh one sent to the same address and nobody else's.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.crypto import salted_hmac

from cairn.issuing.models import Award
from cairn.people.models import User
from cairn.people.selectors import verified_addresses
from cairn.wallet.claimants import owner_of
from cairn.wallet.models import ClaimLink, Holding

LASTS = timedelta(days=90)
PROVES_ADDRESS = timedelta(days=7)
ADDS_ADDRESS = timedelta(hours=24)


class Step(StrEnum):
    """What whoever opened a link may do next."""

    MAKE_ACCOUNT = "make_account"  # claim, which makes an account with the address
    CLAIM = "claim"  # signed in with the address
    ADD_ADDRESS = "add_address"  # signed in, without the address
    SIGN_IN = "sign_in"  # an account has the address
    CHANGE_ACCOUNT = "change_account"  # another account than the one signed in to has the address
    FRESH_LINK = "fresh_link"  # too old for what is wanted
    HELD = "held"  # claimed already, by this person
    TAKEN = "taken"  # claimed already, by whom is not said
    CLOSED = "closed"  # handed back, corrected or withdrawn


CLAIMING = frozenset({Step.MAKE_ACCOUNT, Step.CLAIM, Step.ADD_ADDRESS})


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A link as one person sees it."""

    link: ClaimLink
    holding: Holding
    step: Step

    @property
    def masked_address(self) -> str:
        """Enough of the address for its owner, and too little for anybody else."""
        name, _, domain = self.link.email.rpartition("@")
        return f"{name[:1]}•••@{domain}"


def token_of(link_id: UUID) -> str:
    """The token of a link: 256 bits that nobody has without the secret of this installation.

    Made and not drawn, so that a letter that is sent a second time carries the same link.
    """
    mac = salted_hmac("cairn.wallet.claim_link", link_id.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def next_step(link: ClaimLink, holding: Holding, user: User | None, now: datetime) -> Step:
    """What `user`, or somebody not signed in, may do with `link`.  At most two queries."""
    if holding.holder_id is not None and holding.handed_back_at is None:
        return Step.HELD if user and holding.holder_id == user.pk else Step.TAKEN
    is_void = link.state != ClaimLink.State.OPEN or holding.handed_back_at is not None
    if is_void or link.award.state != Award.State.ISSUED:
        return Step.CLOSED
    if now >= link.expires_at:
        return Step.FRESH_LINK
    return _step_of(user, link, now - link.created_at)


def _step_of(user: User | None, link: ClaimLink, age: timedelta) -> Step:
    if user is not None and link.email in verified_addresses(user):
        return Step.CLAIM
    if owner_of(link.email) is not None:
        return Step.SIGN_IN if user is None else Step.CHANGE_ACCOUNT
    if user is None:
        return Step.MAKE_ACCOUNT if age <= PROVES_ADDRESS else Step.FRESH_LINK
    return Step.ADD_ADDRESS if age <= ADDS_ADDRESS else Step.FRESH_LINK
