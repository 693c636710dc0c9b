"""The RS256 twins of a chunk: ten times the work of the other forms, so nobody waits for them."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.core.codec import strict_json
from cairn.issuing.batches.planned import locked_chunk, rows_of
from cairn.issuing.models import BatchRow, SignedForm
from cairn.platform.bulk_rows import insert_rows
from cairn.signing.models import SigningOrder
from cairn.signing.signer import Signer

_Form = SignedForm.Form


@transaction.atomic
def sign_tokens(order: SigningOrder, signer: Signer, now: datetime) -> None:
    """Sign the twin of each credential of the chunk of `order` that has none.

    The document is taken from the signed JSON, so that both forms say the same.
    """
    chunk = locked_chunk(order)
    rows = rows_of(chunk, BatchRow.State.ISSUED)
    issued = SignedForm.objects.filter(
        credential__award__in=rows.values("pk"), form=_Form.DATA_INTEGRITY
    ).exclude(credential__forms__form=_Form.OPEN_BADGES_JWT)
    found = issued.order_by("credential_id").values_list("credential_id", "body")
    insert_rows(
        SignedForm,
        ("credential_id", "body", "sha256"),
        _twins(found.iterator(), signer),
        alike={
            "issuer_id": chunk.issuer_id,
            "form": _Form.OPEN_BADGES_JWT.value,
            "key_fragment": signer.token_fragment,
            "signed_at": now,
        },
    )


def _twins(
    found: Iterator[tuple[UUID, bytes | memoryview]], signer: Signer
) -> Iterator[tuple[UUID, bytes, str]]:
    for credential_id, data in list(found):
        document = strict_json.read(bytes(data))
        if isinstance(document, dict):
            del document["proof"]
            body = signer.sign_open_badge_jwt(document)
            yield credential_id, body, hashlib.sha256(body).hexdigest()
