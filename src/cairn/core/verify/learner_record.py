"""How the credentials of a learner record belong together, as the one who assembled it says.

Source: Comprehensive Learner Record 2.0, `association` of ClrSubject.  The ends of a link are
achievements.  Which achievements are there is taken from the children's own reports, never from
the record's `achievement` list beside them: that list is the assembler's word.
"""

from collections.abc import Iterable

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.vc.credential import Credential
from cairn.core.verify.report import (
    Association,
    Check,
    CheckId,
    Embedded,
    Outcome,
    Reason,
    Result,
)

RECORD_TYPE = "ClrCredential"
MAX_ASSOCIATIONS = 256


def read_associations(credential: Credential) -> tuple[Association, ...]:
    """The links of a learner record; none in other credentials.  Raises `Malformed` with path."""
    if RECORD_TYPE not in credential.types:
        return ()
    found: list[Association] = []
    for subject in credential.subjects:
        value = subject.get("association", [])
        entries = value if isinstance(value, list) else [value]
        for index, entry in enumerate(entries):
            found.append(_association(entry, f"/credentialSubject/association/{index}"))
    if len(found) > MAX_ASSOCIATIONS:
        raise Malformed(
            f"more than {MAX_ASSOCIATIONS} associations", "/credentialSubject/association"
        )
    return tuple(found)


def check_associations(
    associations: tuple[Association, ...], children: Iterable[Embedded]
) -> tuple[Check, ...]:
    """Whether both ends of each link are achievements of children in force."""
    if not associations:
        return ()
    present = {
        child.report.facts.achievement_id
        for child in children
        if child.kind == "credential" and child.report.outcome is Outcome.IN_FORCE
    } - {""}
    dangling = sum(1 for link in associations if not {link.source_id, link.target_id} <= present)
    checks = []
    if dangling < len(associations):
        count = {"count": str(len(associations) - dangling)}
        checks.append(Check(CheckId.EMBEDDED, Result.PASS, Reason.ASSOCIATIONS_SHOWN, count))
    if dangling:
        count = {"count": str(dangling)}
        checks.append(Check(CheckId.EMBEDDED, Result.WARNING, Reason.ASSOCIATIONS_DANGLING, count))
    return tuple(checks)


def _association(value: Json, path: str) -> Association:
    if not isinstance(value, dict):
        raise Malformed("expected an object", path)
    texts = []
    for name in ("associationType", "sourceId", "targetId"):
        text = value.get(name)
        if not isinstance(text, str) or not text:
            raise Malformed("expected text", f"{path}/{name}")
        texts.append(text)
    return Association(*texts)
