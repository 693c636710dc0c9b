"""The unsigned AchievementCredential of one award.

Source: Open Badges 3.0, appendix B.1.3, in the strict JSON form (arrays for types and proofs); W3C
VC Data Model 2.0, section 4.  Keys stand in one fixed order: the order is not signed, but each
order is a shape of its own to canonicalise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.award import Award
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.results import check_result
from cairn.core.openbadges.rules import IRI
from cairn.core.openbadges.terms import refuse_shared_ids, to_json

VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
# Defines the types of credentialSchema and refreshService below; without it they go unsigned.
EXTENSIONS_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
TYPES = ("VerifiableCredential", "OpenBadgeCredential")
SCHEMA_ID = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
SCHEMA_TYPE = "1EdTechJsonSchemaValidator2019"
REFRESH_TYPE = "1EdTechCredentialRefresh"

_AT_THE_ROOT = ("validFrom", "validUntil", "awardedDate")
_FIRST_OF_SUBJECT = ("id", "type", "identifier")

Status = Mapping[str, Json] | Sequence[Mapping[str, Json]]


def achievement_credential(
    achievement: Achievement,
    award: Award,
    issuer: Profile,
    *,
    credential_id: str,
    status: Status | None = None,
    refresh_service: str | None = None,
    credential_schema: bool = True,
) -> dict[str, Json]:
    """The credential, ready to be signed.

    `status` is one entry or several (1EdTech's schema refuses an array); `refresh_service` is the
    address to fetch a newer copy from.  A creator with the issuer's id is left out: the issuer is
    described once.  Raises `Malformed`, with the path in the credential.
    """
    _check_iri(credential_id, "/id")
    for index, result in enumerate(award.result):
        try:
            check_result(achievement.result_description, result)
        except Malformed as err:
            path = f"/credentialSubject/result/{index}{err.path}"
            raise Malformed(str(err.args[0]), path) from err
    said = to_json(award)
    document: dict[str, Json] = {
        "@context": _contexts(refreshes=refresh_service is not None, has_schema=credential_schema),
        "id": credential_id,
        "type": list(TYPES),
        "name": achievement.name,
        "issuer": to_json(issuer),
        **{name: said.pop(name) for name in _AT_THE_ROOT if name in said},
    }
    tail = {"evidence": said.pop("evidence")} if "evidence" in said else {}
    document["credentialSubject"] = _subject(said, _of_another(achievement, issuer))
    document |= tail
    if credential_schema:
        document["credentialSchema"] = [{"id": SCHEMA_ID, "type": SCHEMA_TYPE}]
    if status is not None:
        document["credentialStatus"] = _status(status)
    if refresh_service is not None:
        _check_iri(refresh_service, "/refreshService/id")
        document["refreshService"] = {"id": refresh_service, "type": REFRESH_TYPE}
    refuse_shared_ids(document)
    return document


def _contexts(*, refreshes: bool, has_schema: bool) -> Json:
    extra = [EXTENSIONS_CONTEXT] if refreshes or has_schema else []
    return [VC_CONTEXT, OB_CONTEXT, *extra]


def _of_another(achievement: Achievement, issuer: Profile) -> Achievement:
    # Two descriptions of one id merge in RDF: they would have to be alike to the letter, and what
    # they hold without an id of its own, such as an address, would stand there twice and could not
    # be told apart.
    if achievement.creator is not None and achievement.creator.id == issuer.id:
        return replace(achievement, creator=None)
    return achievement


def _subject(said: dict[str, Json], achievement: Achievement) -> dict[str, Json]:
    first = {name: said.pop(name) for name in _FIRST_OF_SUBJECT if name in said}
    return {**first, "achievement": to_json(achievement), **said}


def _status(status: Status) -> Json:
    entries = [status] if isinstance(status, Mapping) else list(status)
    if not entries:
        raise Malformed("is an empty array; give an entry, or None", "/credentialStatus")
    for index, entry in enumerate(entries):
        path = "/credentialStatus" if len(entries) == 1 else f"/credentialStatus/{index}"
        if not isinstance(entry.get("type"), str):
            raise Malformed("is missing; fill it in", f"{path}/type")
        _check_iri(entry.get("id"), f"{path}/id")
    written: list[Json] = [dict(entry) for entry in entries]
    return written[0] if len(written) == 1 else written


def _check_iri(value: object, path: str) -> None:
    if flaw := IRI.flaw(value):
        raise Malformed(flaw, path)
