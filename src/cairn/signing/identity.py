"""How an organisation is called in signed bytes: its did:web, and the addresses of its keys.

They hold the id of the organisation and the host of the installation, and never change.
"""

from django.conf import settings

from cairn.core.did.web import did_for, document_url
from cairn.organisations.models import Organisation


def issuer_did(organisation: Organisation) -> str:
    """`did:web:<host>:i:<uuid>`, a port as %3A."""
    return did_for(settings.CAIRN.host, "i", str(organisation.id))


def method_id(organisation: Organisation, fragment: str) -> str:
    """The DID URL of a key."""
    return f"{issuer_did(organisation)}#{fragment}"


def key_url(organisation: Organisation, fragment: str) -> str:
    """Where the JWK of a key is published: below the address of the issuer's DID document.

    It begins with https as that address does, whatever this installation is served over.
    """
    folder = document_url(issuer_did(organisation)).removesuffix("did.json")
    return f"{folder}keys/{fragment}.jwk"
