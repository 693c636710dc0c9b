"""The awards of a signed chunk offered to their learners: holdings, links and letters at once.

A few statements a chunk, whatever its length.  The letters only wait here; they leave in parts, as
fast as the mail service takes them (see `mailing`).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.issuing.models import Award, BatchChunk, BatchRow, Credential
from cairn.wallet.mailing import new_link
from cairn.wallet.models import ClaimLink, Holding, Mail


@transaction.atomic
def prepare_claims(*, chunk_id: UUID, now: datetime) -> int:
    """Offer each award of a chunk that has no link yet; how many those were.

    Told twice it does nothing more.  8 queries and inserts for up to 1,000 rows.
    """
    chunk = BatchChunk.objects.select_for_update().get(pk=chunk_id)
    offered = _not_offered(_issued(chunk))
    award_ids = [credential.award_id for credential in offered]
    held = dict(Holding.objects.filter(award__in=award_ids).values_list("award_id", "holder_id"))
    Holding.objects.bulk_create(
        Holding(award_id=award_id) for award_id in award_ids if award_id not in held
    )
    links = [
        new_link(credential.award, credential, now)
        for credential in offered
        if held.get(credential.award_id) is None
    ]
    ClaimLink.objects.bulk_create(links)
    Mail.objects.bulk_create(_letter(link, chunk.issuer_id, now) for link in links)
    return len(links)


def _issued(chunk: BatchChunk) -> list[Credential]:
    """What was signed for the rows of a chunk, with its award, locked, and its learner."""
    rows = BatchRow.objects.filter(
        batch=chunk.batch_id,
        number__range=(chunk.first_row, chunk.last_row),
        state=BatchRow.State.ISSUED,
    )
    ids = list(rows.values_list("id", flat=True))
    # As it is now: withdrawing it or sending it to another address waits for this transaction.
    awards = Award.objects.select_for_update(of=("self",)).select_related("learner")
    found = {
        award.id: award
        for award in awards.filter(pk__in=ids, state=Award.State.ISSUED, removal=None).order_by(
            "id"
        )
    }
    credentials = list(
        Credential.objects.filter(award__in=found, is_current=True, signed_at__isnull=False)
    )
    for credential in credentials:
        credential.award = found[credential.award_id]
    return credentials


def _not_offered(credentials: list[Credential]) -> list[Credential]:
    links = ClaimLink.objects.filter(credential__in=credentials)
    offered = set(links.values_list("credential_id", flat=True))
    return [credential for credential in credentials if credential.id not in offered]


def _letter(link: ClaimLink, issuer_id: UUID, now: datetime) -> Mail:
    return Mail(
        organisation_id=issuer_id,
        award_id=link.award_id,
        link=link,
        kind=Mail.Kind.CLAIM,
        occasion=str(link.credential_id),
        created_at=now,
        due_at=now,
    )
