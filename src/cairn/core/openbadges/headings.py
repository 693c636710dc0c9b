"""Which field of an award each column of a table fills.

`FIELDS` is the one list of fields, for help texts and pages too.  Headings are compared without
regard to case, spaces, underscores and hyphens; a heading of one's own is mapped by the caller.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.results import ResultDescription
from cairn.core.openbadges.table import Problem

MAX_EVIDENCE = 5
IGNORE = "-"
_RESULT_KINDS = ("result", "status", "level")


@dataclass(frozen=True, slots=True)
class Field:
    """What a column can fill; `synonyms` are headings that mean it too, folded."""

    description: str
    example: str
    synonyms: tuple[str, ...] = ()


_EVIDENCE = {
    "evidence_url": Field(
        "The web address of a piece of evidence; evidence2_url to evidence5_url for more.",
        "https://portfolio.example.org/ada",
        ("evidence", "evidencelink", "portfolio", "portfoliourl"),
    ),
    "evidence_name": Field("The title of that evidence.", "Final report"),
    "evidence_narrative": Field(
        "What that evidence shows.", "A 20-page report on air quality.", ("evidencedescription",)
    ),
    "evidence_genre": Field("What kind of evidence it is.", "Report"),
}
FIELDS: Mapping[str, Field] = {
    "name": Field(
        "The learner's name, as it shall stand in the credential.",
        "Ada Lovelace",
        (
            *("fullname", "learner", "learnername", "student", "studentname", "participant"),
            *("recipient", "recipientname", "nom", "nometprénom", "vollständigername", "naam"),
        ),
    ),
    "email": Field(
        "The learner's e-mail address; only a salted hash of it enters the credential.",
        "ada@example.org",
        ("emailaddress", "mail", "mailaddress", "courriel", "adresseemail", "emailadres"),
    ),
    "student_id": Field(
        "The learner's number in your own register; only a salted hash of it enters.",
        "20260417",
        ("studentnumber", "studentno", "learnerid", "matriculationnumber", "matrikelnummer"),
    ),
    "did": Field("The learner's DID, from a wallet that asked for it.", "did:key:z6Mk…"),
    "valid_from": Field(
        "When the credential begins to count: a moment, or a day from its first second in UTC.",
        "2026-05-14",
        ("validfromdate", "issued", "issuedon", "issuedate", "dateissued", "issuancedate"),
    ),
    "valid_until": Field(
        "When it ends: a moment, or a day to its last second in UTC.",
        "2029-05-14",
        ("expires", "expireson", "expirydate", "expirationdate", "validto", "validtill"),
    ),
    "awarded_date": Field(
        "When the award was decided.",
        "2026-05-12",
        ("awarded", "awardedon", "awarddate", "dateawarded", "completiondate"),
    ),
    "activity_start": Field(
        "When the learning began.", "2026-02-02", ("activitystartdate", "startdate", "start")
    ),
    "activity_end": Field(
        "When the learning ended.", "2026-05-08", ("activityenddate", "enddate", "end")
    ),
    "credits_earned": Field(
        "Credits earned, as a number.", "2.5", ("credits", "ects", "ectscredits", "creditpoints")
    ),
    "narrative": Field(
        "What this learner did, in a few sentences.", "Led the team.", ("comment", "remarks")
    ),
    "role": Field("The learner's role.", "Team lead"),
    "term": Field("The term of study.", "Spring 2026", ("semester",)),
    "license_number": Field(
        "The number of a licence that comes with it.", "A-9320041", ("licencenumber", "licenseno")
    ),
    "result": Field(
        "The result, where the achievement describes one kind of result; else result:<name>.",
        "B",
        ("grade", "mark", "score", "finalgrade", "note"),
    ),
    "result:": Field("The result for the description with this name or id.", "87"),
    "status:": Field("The status for the description with this name or id.", "Completed"),
    "level:": Field("The rubric level for the description with this name or id.", "Advanced"),
    **_EVIDENCE,
}


@dataclass(frozen=True, slots=True)
class Column:
    """Cell `index` of a row fills `field`; results are for `description`."""

    index: int
    heading: str
    field: str
    description: ResultDescription | None = None


def folded(heading: str) -> str:
    """`heading` as it is compared: case, spaces, underscores and hyphens do not count."""
    return re.sub(r"[\s_\-‐‑–]+", "", unicodedata.normalize("NFKC", heading).casefold())


def _names() -> dict[str, str]:
    names = {}
    for field, about in FIELDS.items():
        for name in (field, *about.synonyms):
            names[folded(name)] = field
    for number in range(2, MAX_EVIDENCE + 1):
        for field in _EVIDENCE:
            numbered = field.replace("evidence", f"evidence{number}")
            names[folded(numbered)] = numbered
    return names


def read_header(
    header: Sequence[str], achievement: Achievement, mapping: Mapping[str, str]
) -> tuple[list[Column], list[Problem]]:
    """The columns of `header` and what is wrong with it; `mapping` goes from heading to field."""
    names = _names()
    columns: list[Column] = []
    problems: list[Problem] = []
    told = {folded(heading): field for heading, field in mapping.items()}
    for index, heading in enumerate(header):
        wanted = told.get(folded(heading), heading)
        if wanted == IGNORE:
            continue
        found = _column(index, heading, wanted, achievement, names)
        twin = next((c for c in columns if isinstance(found, Column) and _same(c, found)), None)
        if isinstance(found, Problem):
            problems.append(found)
        elif twin:
            problem = f"means the same as the column {twin.heading!r}"
            problems.append(Problem(1, heading, "", problem, "keep one, map the other to -"))
        else:
            columns.append(found)
    if not {"name", "email"} & {column.field for column in columns}:
        problem = "no column holds a name or an e-mail address"
        mend = "head a column name or email, or map one to it"
        problems.append(Problem(1, "", "", problem, mend))
    return columns, problems


def _same(one: Column, other: Column) -> bool:
    return one.field == other.field and one.description == other.description


def _column(
    index: int, heading: str, wanted: str, achievement: Achievement, names: Mapping[str, str]
) -> Column | Problem:
    if not wanted:
        return Problem(1, heading, "", "is a column without a heading", "name it, or delete it")
    kind, colon, label = wanted.partition(":")
    if colon and folded(kind) in _RESULT_KINDS:
        field, described = folded(kind), _described(achievement, label.strip())
    else:
        field = names.get(folded(wanted), "")
        if field and field != "result":
            return Column(index, heading, field)
        described = _described(achievement, wanted)
        if field and len(achievement.result_description) == 1:
            described = achievement.result_description[0]
    if described:
        return Column(index, heading, field or "result", described)
    return Problem(1, heading, "", *_unknown(achievement, field))


def _described(achievement: Achievement, label: str) -> ResultDescription | None:
    for description in achievement.result_description:
        if description.id == label or folded(description.name) == folded(label):
            return description
    return None


def _unknown(achievement: Achievement, field: str) -> tuple[str, str]:
    labels = ", ".join(f"result:{d.name}" for d in achievement.result_description)
    if field and not labels:
        return "is a result, but the achievement describes none", "map the column to -"
    if field:
        return "does not say which result it holds", f"head it with one of: {labels}"
    known = ", ".join(name for name in FIELDS if not name.endswith(":"))
    return "is not a field of an award", f"map it to - to leave it out, or to one of: {known}"
