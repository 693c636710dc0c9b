"""The unsigned document of a planned credential: a pure function of what was planned.

So that what is refused is refused when it is planned, and the signer job can run twice.
"""

from collections.abc import Sequence
from typing import cast

from cairn.catalogue import openbadges
from cairn.catalogue.content import Content, said
from cairn.catalogue.models import AchievementVersion
from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges import award as awards
from cairn.core.openbadges.credential import achievement_credential
from cairn.core.openbadges.results import Result
from cairn.core.openbadges.terms import read_part
from cairn.core.status.credential import Purpose, status_entry
from cairn.issuing.addresses import credential_url, newest_url, status_list_url
from cairn.issuing.models import Award, Credential


def unsigned_document(credential: Credential) -> dict[str, Json]:
    """What will be signed: the achievement, the person as a salted digest, and no more of them.

    Raises `Malformed`, with the path in the document.
    """
    award = credential.award
    # No credentialSchema: verifiers would have one more document to fetch, and it proves nothing.
    return achievement_credential(
        openbadges.achievement(award.version, award.language),
        _core_award(award, credential.salt),
        openbadges.profile(award.issuer, award.language),
        credential_id=credential_url(credential.id),
        status=_status(credential),
        refresh_service=newest_url(credential.id),
        credential_schema=False,
    )


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


def _core_award(award: Award, salt: str) -> awards.Award:
    name = award.recipient_name if award.version.names_learner else ""
    return awards.Award(
        valid_from=timestamps.write(award.valid_from),
        valid_until=timestamps.write(award.valid_until) if award.valid_until else "",
        awarded_date=timestamps.write(award.awarded_at),
        identifier=awards.recipient(name=name, email=award.learner.email, salt=salt),
        narrative=award.narrative,
        result=read_results(award.results),
        evidence=_evidence(award),
    )


def _evidence(award: Award) -> tuple[awards.Evidence, ...]:
    if not award.evidence_url:
        return ()
    return (awards.Evidence(id=award.evidence_url, name=award.evidence_name),)


def _status(credential: Credential) -> list[dict[str, Json]]:
    entries = credential.status_entries.select_related("status_list").order_by(
        "status_list__purpose"
    )
    return [
        status_entry(
            list_url=status_list_url(entry.status_list_id),
            index=entry.index,
            purpose=cast(Purpose, entry.status_list.purpose),
        )
        for entry in entries
    ]
