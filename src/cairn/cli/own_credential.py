"""A credential read back by its own issuer: the bytes that others get, and who signed them."""

from cairn.cli.issuer import Issuer
from cairn.core.codec import strict_json
from cairn.core.errors import Unverifiable
from cairn.core.proofs import jose
from cairn.core.proofs.data_integrity import holds, read_proofs
from cairn.core.proofs.tokens import looks_like_token, read_token
from cairn.core.rdf.document import Vocabulary
from cairn.core.vc.credential import Credential, read_credential


def read_own_credential(data: bytes, issuer: Issuer, vocabulary: Vocabulary) -> Credential:
    """The credential in `data`, JSON or a token, signed whole by this issuer.

    Raises `Malformed` for what is no credential, `Unverifiable` for one that isn't the issuer's.
    """
    key = issuer.key.public
    if looks_like_token(data):
        token = read_token(data.decode())
        credential = read_credential(dict(token.document))
        is_signed = jose.holds(token.jws, key)
    else:
        credential = read_credential(strict_json.read(data))
        proofs = read_proofs(credential.document)
        is_signed = bool(proofs) and all(
            holds(credential.document, proof, key, vocabulary) for proof in proofs
        )
    if not is_signed or credential.issuer_id != issuer.did:
        raise Unverifiable("not a credential signed by this issuer, as it was issued")
    return credential
