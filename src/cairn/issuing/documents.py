"""The unsigned document of a planned credential: a pure function of what was planned.

So that what is refused is refused when it is planned, and the signer job can run twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.catalogue import openbadges
from cairn.catalogue.content import Content, said
from cairn.catalogue.models import AchievementVersion
from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges import award as awards
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.credential import achievement_credential
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.results import Result
from cairn.core.openbadges.terms import read_part
from cairn.core.status.credential import Purpose, status_entry
from cairn.issuing.addresses import credential_url, newest_url, status_list_url
from cairn.issuing.models import Award, Credential
from cairn.organisations.models import Organisation

Entry = tuple[UUID, int, str]  # id of a status list, index, purpose
# What `Award.terms` may hold beside the columns, and the attribute of the core's award.
FURTHER_TERMS: Mapping[str, str] = {
    "awardedDate": "awarded_date",
    "activityStartDate": "activity_start_date",
    "activityEndDate": "activity_end_date",
    "creditsEarned": "credits_earned",
    "role": "role",
    "term": "term",
    "licenseNumber": "license_number",
    "evidence": "evidence",
}


@dataclass(frozen=True, slots=True)
class Described:
    """What the credentials of one version, language and issuer share."""

    achievement: Achievement
    issuer: Profile

    @classmethod
    def of(cls, version: AchievementVersion, language: str, issuer: Organisation) -> "Described":
        """Raises `Malformed` if the version is not written in `language`."""
        return cls(openbadges.achievement(version, language), openbadges.profile(issuer, language))

    def document(
        self, award: Award, credential_id: UUID, salt: str, entries: Iterable[Entry]
    ) -> dict[str, Json]:
        """What will be signed for `award`.  No query.  Raises `Malformed`, with the path in it."""
        # No credentialSchema: verifiers would have one more document to fetch, and it proves
        # nothing.
        return achievement_credential(
            self.achievement,
            _core_award(award, salt),
            self.issuer,
            credential_id=credential_url(credential_id),
            status=[_status_entry(entry) for entry in entries],
            refresh_service=newest_url(credential_id),
            credential_schema=False,
        )


def unsigned_document(credential: Credential) -> dict[str, Json]:
    """What will be signed: the achievement, the person as a salted digest, and no more of them.

    Raises `Malformed`, with the path in the document.
    """
    award = credential.award
    described = Described.of(award.version, award.language, award.issuer)
    # The lists themselves are not read: their bits are long.
    entries = credential.status_entries.order_by("status_list__purpose").values_list(
        "status_list_id", "index", "status_list__purpose"
    )
    return described.document(award, credential.id, credential.salt, entries)


def languages_of(version: AchievementVersion) -> list[str]:
    """The languages in which `version` can be signed, the one it was written in first."""
    return Content.of(version).languages()


def title_of(version: AchievementVersion, language: str) -> str:
    """The name of `version` in `language`, or in the one it was written in."""
    return said(version.name, language, version.language)


def read_results(results: Sequence[dict[str, Json]]) -> tuple[Result, ...]:
    """Results of Open Badges' terms.  Raises `Malformed`, with the path from /results."""
    lost: list[str] = []
    read = tuple(
        read_part(Result, cast(Json, result), f"/results/{index}", lost)
        for index, result in enumerate(results)
    )
    if lost:
        raise Malformed("is no term of a result; leave it out", lost[0])
    return read


def read_further(terms: Mapping[str, Json]) -> dict[str, Any]:
    """Raises `Malformed` for a term that is none of `FURTHER_TERMS`: it would go unsigned."""
    found: dict[str, Any] = {}  # the core checks each by its rule
    for name, value in terms.items():
        if name not in FURTHER_TERMS:
            raise Malformed("is no term of an award; leave it out", f"/{name}")
        found[FURTHER_TERMS[name]] = _evidences(value) if name == "evidence" else value
    return found


def results_in_words(
    version: AchievementVersion, results: Sequence[dict[str, Json]]
) -> list[tuple[str, str]]:
    """The name of each result and what was reached, as people read them."""
    described = {
        one.id: one for one in openbadges.achievement(version, version.language).result_description
    }
    found = []
    for result in read_results(results):
        description = described.get(result.result_description)
        levels = description.rubric_criterion_level if description else ()
        names = {level.id: level.name for level in levels}
        reached = result.value or result.status or names.get(result.achieved_level, "")
        found.append((description.name if description else "", reached))
    return found


def further_in_words(award: Award) -> list[tuple[str, str]]:
    """What `award.terms` adds to the columns, as people read it, in the language in use."""
    terms = award.terms
    start, end, decided = (
        str(terms.get(name, ""))[:10]
        for name in ("activityStartDate", "activityEndDate", "awardedDate")
    )
    credit = terms.get("creditsEarned")
    found = [
        (_("Role"), str(terms.get("role", ""))),
        (_("Term"), str(terms.get("term", ""))),
        (_("Credits earned"), "" if credit is None else f"{credit:g}"),
        (_("Licence number"), str(terms.get("licenseNumber", ""))),
        (_("Learning began"), start),
        (_("Learning ended"), end),
        (_("Decided on"), decided),
    ]
    for entry in terms.get("evidence", []):
        said = (entry.get(name, "") for name in ("name", "genre", "narrative", "id"))
        found.append((_("Evidence"), " · ".join(text for text in said if text)))
    return [(name, text) for name, text in found if text]


def _core_award(award: Award, salt: str) -> awards.Award:
    name = award.recipient_name if award.version.names_learner else ""
    number = award.student_number
    others = (awards.hashed_identity(number, "identifier", salt),) if number else ()
    core = awards.Award(
        valid_from=timestamps.write(award.valid_from),
        valid_until=timestamps.write(award.valid_until) if award.valid_until else "",
        awarded_date=timestamps.write(award.awarded_at),
        identifier=awards.recipient(name=name, email=award.learner.email, salt=salt, others=others),
        narrative=award.narrative,
        result=read_results(award.results),
        evidence=_evidence(award),
    )
    return replace(core, **read_further(award.terms)) if award.terms else core


def _evidences(value: Json) -> tuple[awards.Evidence, ...]:
    lost: list[str] = []
    entries = enumerate(value if isinstance(value, list) else [value])
    read = tuple(
        read_part(awards.Evidence, entry, f"/evidence/{index}", lost) for index, entry in entries
    )
    if lost:
        raise Malformed("is no term of evidence; leave it out", lost[0])
    return read


def _evidence(award: Award) -> tuple[awards.Evidence, ...]:
    if not award.evidence_url:
        return ()
    return (awards.Evidence(id=award.evidence_url, name=award.evidence_name),)


def _status_entry(entry: Entry) -> dict[str, Json]:
    list_id, index, purpose = entry
    return status_entry(
        list_url=status_list_url(list_id), index=index, purpose=cast(Purpose, purpose)
    )
