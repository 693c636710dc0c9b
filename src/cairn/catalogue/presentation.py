"""A version in words, for pages: the same facts on the public page, in the console, in a diff."""

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.utils.translation import get_language_info, get_supported_language_variant, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cairn.catalogue.content import Content, said
from cairn.catalogue.frameworks import field_name
from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.openbadges import approval_sentence, ects, supervision
from cairn.core.codec.strict_json import Json

EQF_CYCLES = {
    5: _lazy("short cycle"),
    6: _lazy("bachelor"),
    7: _lazy("master"),
    8: _lazy("doctorate"),
}
_MAX_COMPARED = 2_000_000  # pairs of equal words; beyond, a text is shown as wholly changed


@dataclass(frozen=True, slots=True)
class Shown:
    """A version in one language, as pages show it."""

    language: str  # of the texts
    name: str
    description: str
    criteria: str  # Markdown
    outcomes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    alignments: tuple[dict[str, str], ...]
    results: tuple[tuple[str, str], ...]
    image: str
    summary: str  # level, credit and participation on one line
    approval: str
    languages: tuple[tuple[str, str], ...]  # code and name of each it can be read in


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that differs: pieces of text before and after, each "same", "del" or "ins"."""

    name: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


def shown(version: AchievementVersion, language: str) -> Shown:
    """`version` in `language`, or where it has no text in it in the one it was written in."""
    content = Content.of(version)
    languages = content.languages()
    spoken = language if language in languages else content.language
    return Shown(
        language=spoken,
        name=said(content.name, spoken, content.language),
        description=said(content.description, spoken),
        criteria=said(content.criteria, spoken),
        outcomes=tuple(said(outcome, spoken, content.language) for outcome in content.outcomes),
        facts=tuple(_facts(content, spoken)),
        tags=tuple(content.tags),
        alignments=tuple(content.alignments),
        results=tuple(_results(content)),
        image=content.image_sha256,
        summary=_summary(content),
        approval=approval_sentence(version),
        languages=tuple((code, language_name(code)) for code in languages),
    )


def language_for(version: AchievementVersion, *wanted: str) -> str:
    """The first of the `wanted` languages that the version is written in, or its own."""
    languages = Content.of(version).languages()
    return next((code for code in wanted if code in languages), languages[0])


def interface_language(code: str) -> str:
    """`en` for `en-gb`: the language of ours that stands for `code`; English for others."""
    try:
        return get_supported_language_variant(code)
    except LookupError:
        return settings.LANGUAGE_CODE


def language_name(code: str) -> str:
    """What a language is called in itself; its code for one we have no name for."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def changes(before: Content, after: Content) -> tuple[list[Change], int]:
    """What differs between two versions, and how many facts stay the same."""
    old, new = dict(_statements(before)), dict(_statements(after))
    names = list(dict.fromkeys([*new, *old]))
    differing = [name for name in names if old.get(name, "") != new.get(name, "")]
    found = [_change(name, old.get(name, ""), new.get(name, "")) for name in differing]
    return found, len(names) - len(found)


def statements(content: Content) -> list[tuple[str, str]]:
    """Everything that `content` says, by the name of the fact."""
    return [(name, text) for name, text in _statements(content) if text]


def level_text(content: Content) -> str:
    """The level in words; "" if nothing is said of it."""
    if content.has_no_level:
        return _("No level applies")
    if content.eqf_level is None:
        return ""
    cycle = EQF_CYCLES.get(content.eqf_level)
    level = _("EQF %(level)s") % {"level": content.eqf_level}
    return f"{level} ({cycle})" if cycle else level


def _facts(content: Content, language: str) -> Iterator[tuple[str, str]]:
    first = content.language
    hours, months = content.workload_hours, content.valid_for_months
    yield _("Level"), level_text(content)
    yield (
        _("Workload"),
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours is not None else "",
    )
    yield _("Credits"), ects(content)
    yield _("Field of study"), field_name(content.field_of_study, language)
    yield _("Prerequisites"), said(content.prerequisites, language, first)
    yield _("Form of participation"), _participation(content)
    yield _("Type of assessment"), said(content.assessment_type, language, first)
    yield _("Supervision of the assessment"), supervision(content)
    yield _("Quality assurance"), said(content.quality_assurance, language, first)
    yield (
        _("Valid for"),
        ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
        if months is not None
        else _("No end"),
    )
    yield _("Code of the provider"), content.human_code


def _statements(content: Content) -> Iterator[tuple[str, str]]:
    for language in content.begun():
        tail = "" if language == content.language else f" ({language_name(language)})"
        yield _("Title") + tail, content.name.get(language, "")
        yield _("Description") + tail, content.description.get(language, "")
        yield _("Criteria") + tail, content.criteria.get(language, "")
        outcomes = (outcome.get(language, "") for outcome in content.outcomes)
        yield _("Learning outcomes") + tail, "\n".join(outcomes)
        if tail:
            yield _("Prerequisites") + tail, content.prerequisites.get(language, "")
            yield _("Type of assessment") + tail, content.assessment_type.get(language, "")
            yield _("Quality assurance") + tail, content.quality_assurance.get(language, "")
    yield _("Type"), content.achievement_type
    yield from _facts(content, content.language)
    yield _("Tags"), ", ".join(content.tags)
    for row in content.alignments:
        yield _("Aligned to %(address)s") % {"address": row["targetUrl"]}, " · ".join(row.values())
    for name, text in _results(content):
        yield _("%(name)s: %(text)s") % {"name": _("Result"), "text": name}, text
    yield _("Picture"), content.image_sha256[:12]
    yield _("Names the learner"), _("Yes") if content.names_learner else _("No")
    yield _("Can be suspended"), _("Yes") if content.is_suspendable else _("No")


def _participation(content: Content) -> str:
    kinds = AchievementVersion.Participation
    return str(kinds(content.participation).label) if content.participation else ""


def _summary(content: Content) -> str:
    known = content.eqf_level
    level = "" if known is None else _("EQF %(level)s") % {"level": known}
    return " · ".join(part for part in (level, ects(content), _participation(content)) if part)


def _results(content: Content) -> Iterator[tuple[str, str]]:
    for row in content.result_descriptions:
        low, high = row.get("valueMin"), row.get("valueMax")
        allowed, needed = row.get("allowedValue"), row.get("requiredValue")
        parts = [
            f"{low or '…'} – {high or '…'}" if low or high else "",
            ", ".join(map(str, allowed)) if isinstance(allowed, list) else "",
            _("to pass: %(value)s") % {"value": needed} if needed else "",
        ]
        yield _plain(row["name"]), "; ".join(part for part in parts if part)


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _change(name: str, before: str, after: str) -> Change:
    old, new = _words(before), _words(after)
    times = Counter(new)
    if sum(times[word] for word in old) > _MAX_COMPARED:
        return Change(name, (("del", before),), (("ins", after),))
    kept, removed, added = "same", "del", "ins"
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    # Without `autojunk` the common words of a long text would count as noise.
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_kept = kind == "equal"
        left += [(kept if is_kept else removed, word) for word in old[i:j]]
        right += [(kept if is_kept else added, word) for word in new[k:m]]
    return Change(name, _joined(left), _joined(right))


def _words(text: str) -> list[str]:
    return [word for line in text.split("\n") for word in [*line.split(" "), "\n"]][:-1]


def _joined(pieces: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (kind, " ".join(word for _kind, word in words).replace(" \n ", "\n"))
        for kind, words in groupby(pieces, key=lambda piece: piece[0])
    )
