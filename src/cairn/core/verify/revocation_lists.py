"""Step 8, the list of 1EdTech: unsigned, so it is worth what its address is worth.

Decided so: the issuer signed the address, which makes the answer its own word as far as https
carries it.  A credential named in the list is withdrawn wherever the list stands.  One that is not
named is *good* if the list stands at the origin of the issuer or of the credential; elsewhere a
host that the issuer does not run could leave it out, which is a warning.  The list has no date:
nothing tells an old answer from a new one, so no rollback is noticed.
"""

from datetime import datetime
from urllib.parse import urlsplit

from cairn.core.codec import strict_json, timestamps
from cairn.core.did.web import document_url
from cairn.core.errors import Malformed
from cairn.core.status.revocation_list import RevocationEntry, read_revocation_list
from cairn.core.vc.credential import Credential
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, Reason, Result
from cairn.core.verify.status_lists import ListProblem, invalid, obtain, status


def check_revocation_entry(
    entry: RevocationEntry, credential: Credential, sources: Sources, now: datetime
) -> Check:
    """What the list at `entry` says of the credential, or why it says nothing."""
    url = entry.list_url
    if not credential.id:
        return invalid(url, "the credential has no id to look up in it")
    try:
        found = read_revocation_list(strict_json.read(obtain(url, sources, now)), list_url=url)
    except ListProblem as problem:
        return problem.check
    except Malformed as err:
        return invalid(url, str(err))
    if found.issuer_id not in (None, credential.issuer_id):
        return invalid(url, "it is a list of another issuer")
    as_of = timestamps.write(now)
    if credential.id in found.reasons:
        return status(Result.FAIL, Reason.STATUS_REVOKED, as_of=as_of)
    if origin(url) not in _own_origins(credential):
        return status(Result.WARNING, Reason.STATUS_LIST_ELSEWHERE, url=url)
    return status(Result.PASS, Reason.STATUS_GOOD, purposes="revocation", as_of=as_of)


def origin(url: str) -> str:
    """Scheme, host and port of a web address, "" for any other text."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return ""
    if port is None:
        port = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _own_origins(credential: Credential) -> set[str]:
    own = {origin(credential.issuer_id), origin(credential.id)}
    if credential.issuer_id.startswith("did:web:"):
        own.add(origin(document_url(credential.issuer_id)))
    return own - {""}
