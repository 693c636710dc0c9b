"""What an author writes about a version, apart from its life: one value, checked when made.

A draft may lack almost everything, but never holds what could not be signed: control characters,
texts over the bounds of Open Badges, addresses that are none.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Self, cast

from cairn.catalogue.frameworks import EQF_LEVELS, field_name
from cairn.catalogue.models import AchievementVersion
from cairn.core.codec.jcs import canonicalize
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges.parts import Alignment
from cairn.core.openbadges.results import ResultDescription
from cairn.core.openbadges.rules import text_flaw
from cairn.core.openbadges.terms import read_part
from cairn.core.openbadges.vocabulary import ACHIEVEMENT_TYPES, is_extension
from cairn.core.wording.names import Flag, flags

Texts = dict[str, str]  # one a language

MAX_NAME = 200
MAX_TEXT = 10_000
MAX_OUTCOMES = 40
MAX_ROWS = 40  # alignments, results
_PLACEHOLDER = "urn:uuid:00000000-0000-4000-8000-000000000000"  # results get their ids when signed


@dataclass(frozen=True, slots=True)
class Content:
    """Fields as in `AchievementVersion`.  Raises `Malformed`, with the field as path."""

    language: str
    name: Texts
    description: Texts = field(default_factory=dict)
    criteria: Texts = field(default_factory=dict)
    outcomes: list[Texts] = field(default_factory=list)
    prerequisites: Texts = field(default_factory=dict)
    achievement_type: str = "MicroCredential"
    human_code: str = ""
    field_of_study: str = ""
    eqf_level: int | None = None
    has_no_level: bool = False
    workload_hours: int | None = None
    ects: Decimal | None = None
    participation: str = ""
    assessment_type: Texts = field(default_factory=dict)
    supervision: str = ""
    quality_assurance: Texts = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    alignments: list[dict[str, str]] = field(default_factory=list)
    result_descriptions: list[dict[str, Json]] = field(default_factory=list)
    image_sha256: str = ""
    drawing_family: str = ""
    valid_for_months: int | None = None
    names_learner: bool = True
    is_suspendable: bool = False

    def __post_init__(self) -> None:
        if self.language not in self.name:
            raise Malformed("is missing; give it a name", f"/name/{self.language}")
        for path, text, is_line in self._texts():
            _check_text(path, text, is_line=is_line)
        self._check_choices()
        self._check_numbers()
        self._check_rows()

    @classmethod
    def of(cls, version: AchievementVersion) -> Self:
        """What `version` says."""
        return cls(**{part.name: getattr(version, part.name) for part in fields(cls)})

    def write_to(self, version: AchievementVersion) -> None:
        """Make `version`, not saved here, say this."""
        for part in fields(self):
            setattr(version, part.name, getattr(self, part.name))
        version.search_text = self.search_text

    @property
    def search_text(self) -> str:
        """All words that a search finds, folded."""
        return fold("\n".join(text for _, text, _ in self._texts()))

    def sha256(self) -> str:
        """The digest of the content, over its canonical form (RFC 8785)."""
        said = cast("dict[str, Json]", asdict(self))
        said["ects"] = None if self.ects is None else f"{self.ects:.1f}"
        return hashlib.sha256(canonicalize(said)).hexdigest()

    def languages(self) -> list[str]:
        """The languages that it can be signed in, the one it was written in first."""
        others = [one for one in self.begun() if one != self.language and not self.missing_in(one)]
        return [self.language, *others]

    def begun(self) -> list[str]:
        """The languages that any text is in."""
        found = {language for _, texts in self._translated() for language in texts}
        return sorted(found)

    def missing_in(self, language: str) -> list[str]:
        """The fields that have a text in the first language and none in this one."""
        wanted = [(name, texts) for name, texts in self._translated() if self.language in texts]
        return list(dict.fromkeys(name for name, texts in wanted if language not in texts))

    def _translated(self) -> Iterator[tuple[str, Texts]]:
        for name in ("name", "description", "criteria", "prerequisites"):
            yield name, getattr(self, name)
        for outcome in self.outcomes:
            yield "outcomes", outcome
        yield "assessment_type", self.assessment_type
        yield "quality_assurance", self.quality_assurance

    def _texts(self) -> Iterator[tuple[str, str, bool]]:
        for name, texts in self._translated():
            for language, text in texts.items():
                yield f"/{name}/{language}", text, name in ("name", "outcomes")
        yield from (("/tags", tag, True) for tag in self.tags)
        if self.human_code:
            yield "/human_code", self.human_code, True

    def _check_choices(self) -> None:
        kind = self.achievement_type
        if kind not in ACHIEVEMENT_TYPES and not is_extension(kind):
            raise Malformed("is no type of Open Badges; choose one", "/achievement_type")
        if self.field_of_study and not field_name(self.field_of_study, "en"):
            raise Malformed("is no field of ISCED-F; choose one", "/field_of_study")
        for name, choices in (
            ("participation", AchievementVersion.Participation),
            ("supervision", AchievementVersion.Supervision),
        ):
            if getattr(self, name) and getattr(self, name) not in choices.values:
                raise Malformed("is not on the list; choose one", f"/{name}")

    def _check_numbers(self) -> None:
        if self.eqf_level is not None and self.eqf_level not in EQF_LEVELS:
            raise Malformed("is no level; choose 1 to 8", "/eqf_level")
        if self.eqf_level is not None and self.has_no_level:
            raise Malformed("is given, though no level is said to apply", "/eqf_level")
        for name, low, high in (
            ("workload_hours", 1, 20_000),
            ("ects", Decimal(0), 600),
            ("valid_for_months", 1, 600),
        ):
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise Malformed(f"is {value}; write {low} to {high}", f"/{name}")

    def _check_rows(self) -> None:
        for name, limit in (
            ("outcomes", MAX_OUTCOMES),
            ("tags", MAX_ROWS),
            ("alignments", MAX_ROWS),
            ("result_descriptions", MAX_ROWS),
        ):
            if len(getattr(self, name)) > limit:
                raise Malformed(f"has more than {limit} entries; keep {limit}", f"/{name}")
        for index, row in enumerate(self.alignments):
            value: dict[str, Json] = {"type": ["Alignment"], **row}
            read_part(Alignment, value, f"/alignments/{index}", [])
        for index, entry in enumerate(self.result_descriptions):
            value = {"id": _PLACEHOLDER, "type": ["ResultDescription"], **entry}
            read_part(ResultDescription, value, f"/result_descriptions/{index}", [])


def said(texts: Mapping[str, str], *languages: str) -> str:
    """The text in the first of `languages` that there is one in; else any, else ""."""
    found = [texts[language] for language in languages if language in texts]
    return (found or [*texts.values()] or [""])[0]


def fold(text: str) -> str:
    """`text` in lower case and without accents, so that a search finds either spelling.

    >>> fold("Évaluer l’État")
    'evaluer l’etat'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def line_flaw(text: str, max_length: int = MAX_NAME) -> str:
    r"""Why `text` is no single line that can be signed, "" if it is one.

    >>> line_flaw("Ada\nBcc: eve@example.org")
    'holds a line break or a control character; write it on one line'
    """
    if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in text):
        return "holds a line break or a control character; write it on one line"
    if Flag.BIDI in flags(text):
        return "holds an invisible character that turns text around; type it again"
    return text_flaw(text, max_length)


def _check_text(path: str, text: str, *, is_line: bool) -> None:
    flaw = line_flaw(text, 1_000 if "outcomes" in path else MAX_NAME) if is_line else ""
    flaw = flaw or text_flaw(text, MAX_TEXT)
    if flaw:
        raise Malformed(flaw, path)
