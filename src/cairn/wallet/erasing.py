"""What the wallet forgets with an award: who holds it, how it was claimed and shared, its letters.

Each runs in the transaction of its caller, who has locked the awards.
"""

from collections.abc import Collection
from uuid import UUID

from cairn.wallet.models import ClaimLink, Holding, Mail, Wish

_VOID = ClaimLink.State.VOID


def addresses_of(award_ids: Collection[UUID]) -> set[str]:
    """Every address that a link to claim one of these awards went to."""
    links = ClaimLink.objects.filter(award__in=award_ids)
    return set(links.values_list("email", flat=True))


def forget(award_ids: Collection[UUID]) -> None:
    """Delete wishes, letters, links and holdings of these awards."""
    for model in (Wish, Mail, ClaimLink, Holding):  # what refers to others first
        model._default_manager.filter(award__in=award_ids).delete()


def withhold(award_ids: Collection[UUID]) -> None:
    """End pages, sharing and mail of these awards.

    Links stay, void, with their letters: by them the wallet knows that it offered the award.
    """
    ClaimLink.objects.filter(award__in=award_ids).update(state=ClaimLink.State.VOID)
    unsent = Mail.objects.filter(award__in=award_ids, sent_at=None)
    unsent.update(state=Mail.State.VOID)
    Wish.objects.filter(award__in=award_ids).delete()
    Wish.objects.filter(award__in=award_ids).delete()
    Holding.objects.filter(award__in=award_ids).delete()
