"""An achievement read from a file: its own object, or the one inside a credential.

Source: Open Badges 3.0, appendix B.1.1, read as leniently as JSON-LD is (one entry without its
array, a profile or image by its IRI).  Its `@context` is not used: what is read are the terms of
Open Badges 3.0.3, and whatever else is there is listed, never lost in silence.  Of a credential
only the achievement and the issuer are taken; dates, results and evidence are one learner's.
"""

from dataclasses import dataclass, replace

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.rules import CREDITS, kind
from cairn.core.openbadges.terms import read_part

_CREDENTIALS = {"VerifiableCredential", "OpenBadgeCredential", "AchievementCredential"}
_ECTS = "ECTS"  # edubadges, the Dutch national service: credits of 28 hours of work


@dataclass(frozen=True, slots=True)
class ReadAchievement:
    """What was read.  `not_carried` are JSON Pointers to what an achievement here cannot hold.

    `carried_as` pairs a pointer into the file with the term that now holds its value.
    """

    achievement: Achievement
    issuer: Profile | None
    not_carried: tuple[str, ...]
    carried_as: tuple[tuple[str, str], ...]


def read_achievement(document: Json) -> ReadAchievement:
    """Read an Achievement object, or the achievement and issuer of a credential, signed or not.

    Raises `Malformed` with path for anything else, wrong JSON types and broken rules.
    """
    if not isinstance(document, dict):
        raise Malformed(f"is {kind(document)}; give an Achievement or a credential that holds one")
    lost: list[str] = []
    if not _is_credential(document):
        return _read(document, "", None, lost)
    if "issuer" not in document:
        raise Malformed("is missing; fill it in", "/issuer")
    issuer = read_part(Profile, document["issuer"], "/issuer", lost)
    subject, path = _subject(document.get("credentialSubject"))
    return _read(subject.get("achievement"), f"{path}/achievement", issuer, lost)


def _is_credential(document: dict[str, Json]) -> bool:
    names = document.get("type")
    claimed = names if isinstance(names, list) else [names]
    return "credentialSubject" in document or any(
        isinstance(name, str) and name in _CREDENTIALS for name in claimed
    )


def _subject(value: Json) -> tuple[dict[str, Json], str]:
    path = "/credentialSubject"
    if isinstance(value, list) and len(value) == 1:
        value, path = value[0], f"{path}/0"
    if not isinstance(value, dict):
        raise Malformed(f"is {kind(value)}; give one object with an achievement", path)
    return value, path


def _read(value: Json, path: str, issuer: Profile | None, lost: list[str]) -> ReadAchievement:
    if value is None:
        raise Malformed("is missing; fill it in", path)
    carried: list[tuple[str, str]] = []
    if isinstance(value, dict):
        value = _with_a_description(_without_a_second_id(value, path, carried), path, carried)
    achievement = read_part(Achievement, value, path, lost)
    ects = value.get(_ECTS) if isinstance(value, dict) else None
    where = f"{path}/{_ECTS}"
    is_free = achievement.credits_available is None
    if isinstance(ects, int | float) and is_free and not CREDITS.flaw(ects):
        achievement = replace(achievement, credits_available=ects)
        lost.remove(where)
        carried.append((where, "creditsAvailable"))
    return ReadAchievement(achievement, issuer, tuple(lost), tuple(carried))


def _without_a_second_id(
    value: dict[str, Json], path: str, carried: list[tuple[str, str]]
) -> dict[str, Json]:
    """Without `criteria.id` where it is the achievement's own, as in 1EdTech's example.

    Two objects with one id would be one in RDF; beside a narrative, the id adds nothing.
    """
    criteria = value.get("criteria")
    if not isinstance(criteria, dict) or not criteria.get("narrative") or "id" not in criteria:
        return value
    if criteria["id"] != value.get("id"):
        return value
    carried.append((f"{path}/criteria/id", "id"))
    return {**value, "criteria": {k: v for k, v in criteria.items() if k != "id"}}


def _with_a_description(
    value: dict[str, Json], path: str, carried: list[tuple[str, str]]
) -> dict[str, Json]:
    # Open Badges wants the term; some exporters write "" for want of words.  The name says no more
    # than is known.
    if value.get("description") != "" or not isinstance(value.get("name"), str):
        return value
    carried.append((f"{path}/name", "description"))
    return {**value, "description": value["name"]}
