"""Step 8 for tokens: the IETF Token Status List that a token names in its `status` claim.

Source: IETF "Token Status List" (draft-ietf-oauth-status-list-21), section 8.3.  How a token is
opened (its signature, its key, whose it is) comes in as a function: this module knows no JOSE.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import CairnError, Malformed
from cairn.core.status.token_status_list import (
    INVALID,
    SUSPENDED,
    VALID,
    StatusReference,
    TokenStatusList,
    read_reference,
    read_status_list,
)
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, Reason, Result
from cairn.core.verify.status_lists import ListProblem, invalid, obtain, require_newest, status


@dataclass(frozen=True, slots=True)
class OpenedToken:
    """A token whose signature holds, and by whose key: the identifier of an issuer."""

    header: Mapping[str, Json]
    claims: Mapping[str, Json]
    signer_id: str


# Raises a `CairnError` unless the signature holds and the key is the signer's.
OpenToken = Callable[[bytes], OpenedToken]


def check_token_status(
    claims: Mapping[str, Json],
    issuer_id: str,
    sources: Sources,
    now: datetime,
    open_token: OpenToken,
) -> Check:
    """One check on the `status` claim of a token that `issuer_id` signed.

    Raises `Malformed` for a claim that cannot be followed.
    """
    reference = read_reference(claims)
    if reference is None:
        if claims.get("status") is None:
            return status(Result.PASS, Reason.STATUS_NONE)
        return status(Result.NOT_CHECKED, Reason.STATUS_UNSUPPORTED, type="status")
    try:
        return _look_up(reference, _obtain(reference, issuer_id, sources, now, open_token))
    except ListProblem as problem:
        return problem.check


def _look_up(reference: StatusReference, found: TokenStatusList) -> Check:
    try:
        value = found.statuses[reference.index]
    except Malformed as err:
        return invalid(reference.uri, str(err))
    as_of = _moment(found.issued_at)
    match value:
        case _ if value == VALID:
            return status(Result.PASS, Reason.STATUS_GOOD, purposes="revocation", as_of=as_of)
        case _ if value == INVALID:
            return status(Result.FAIL, Reason.STATUS_REVOKED, as_of=as_of)
        case _ if value == SUSPENDED:
            return status(Result.FAIL, Reason.STATUS_SUSPENDED, as_of=as_of)
        case _:  # section 7.1: the others are the application's own
            kind = f"status 0x{value:02X}"
            return status(Result.NOT_CHECKED, Reason.STATUS_UNSUPPORTED, type=kind)


def _obtain(
    reference: StatusReference,
    issuer_id: str,
    sources: Sources,
    now: datetime,
    open_token: OpenToken,
) -> TokenStatusList:
    """Raises `ListProblem`."""
    uri = reference.uri
    data = obtain(uri, sources, now)
    try:
        opened = open_token(data.strip())
        found = read_status_list(opened.header, opened.claims, uri=uri)
        issued = _moment(found.issued_at)
        expires = "" if found.expires_at is None else _moment(found.expires_at)
    except CairnError as err:
        raise ListProblem(invalid(uri, str(err))) from err
    if opened.signer_id != issuer_id or found.issuer_id not in (None, issuer_id):
        raise ListProblem(invalid(uri, "it is signed by another issuer"))
    if timestamps.parse(issued) > now:
        raise ListProblem(invalid(uri, "it begins in the future"))
    if expires and now >= timestamps.parse(expires):
        facts = {"url": uri, "until": expires}
        raise ListProblem(status(Result.NOT_CHECKED, Reason.STATUS_LIST_EXPIRED, **facts))
    require_newest(uri, issued, sources)
    return found


def _moment(seconds: int) -> str:
    """Raises `Malformed` for a moment outside the years 1 to 9999."""
    try:
        return timestamps.write(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, ValueError, OSError) as err:
        raise Malformed(f"{seconds} is no moment in time") from err
