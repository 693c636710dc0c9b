"""Signed registers of issuers: a credential that says which identifier has which name.

Source: W3C VC Data Model 2.0.  The first subject is the register itself, so that an empty register
can be signed too; each further one is a standing entry with the name that the register gives it.
"""

from datetime import datetime

from django.conf import settings

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.rdf.contexts import VC_2
from cairn.organisations.models import Register
from cairn.platform import audit
from cairn.signing.identity import issuer_did
from cairn.signing.models import SigningOrder
from cairn.signing.signer import Signer


def register_url(register: Register) -> str:
    """The address and id of a signed register; never changes."""
    return f"{settings.CAIRN.base_url}/registers/{register.id}"


def unsigned_register(register: Register, since: datetime) -> dict[str, Json]:
    """What `register` says from `since` on.  Two queries.

    A document holds at most about 990 entries (`rdf.outline.MAX_OBJECTS`).
    """
    url = register_url(register)
    standing = register.entries.filter(removed_at=None).order_by("added_at", "id")
    listed: list[Json] = [{"id": entry.issuer_did, "name": entry.name} for entry in standing]
    operator = register.operator
    return {
        "@context": [VC_2],
        "id": url,
        "type": ["VerifiableCredential"],
        "name": register.name,
        "issuer": {"id": issuer_did(operator), "name": operator.name},
        "validFrom": timestamps.write(since),
        "credentialSubject": [{"id": f"{url}#register", "name": register.name}, *listed],
    }


def sign_register(order: SigningOrder, signer: Signer, now: datetime) -> None:
    """Sign what the register says now, as its next version: the handler of its orders."""
    register = (
        Register.objects.select_for_update(of=("self",))
        .select_related("operator")
        .get(id=order.subject_id, operator=order.organisation)
    )
    # Whoever remembers the last version takes no older one.
    since = max(now, register.signed_at or now)
    register.body = signer.sign_document(unsigned_register(register, since), now=now)
    register.version += 1
    register.signed_at = since
    register.save(update_fields=["body", "version", "signed_at"])
    audit.record(
        "register.sign",
        organisation_id=register.operator_id,
        actor_id=None,
        subject_kind="register",
        subject_id=register.id,
        at=now,
        version=register.version,
    )
