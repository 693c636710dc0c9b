"""Between what was typed into the form of an achievement and its content."""

from collections.abc import Iterable, Mapping
from typing import Any

from cairn.catalogue.content import Content, Texts
from cairn.core.codec.strict_json import Json

TRANSLATED = (
    "name",
    "description",
    "outcomes",
    "criteria",
    "prerequisites",
    "assessment_type",
    "quality_assurance",
)
NO_LEVEL = "none"
_PLAIN = (
    "achievement_type",
    "human_code",
    "field_of_study",
    "workload_hours",
    "ects",
    "participation",
    "supervision",
    "valid_for_months",
    "names_learner",
    "is_suspendable",
)


def content_of(
    typed: Mapping[str, Any],
    *,
    languages: Iterable[str],
    alignments: list[dict[str, str]],
    results: list[dict[str, str]],
    image_sha256: str,
    drawing_family: str,
) -> Content:
    """The content that was typed.  Raises `Malformed`, with a path that `field_of` reads."""
    codes = list(languages)
    level = typed.get("level") or ""
    values: dict[str, Any] = {name: typed[name] for name in _PLAIN}
    values |= {name: _texts(typed, name, codes) for name in TRANSLATED if name != "outcomes"}
    return Content(
        language=typed["language"],
        outcomes=_outcomes(typed, codes),
        eqf_level=int(level) if level.isdecimal() else None,
        has_no_level=level == NO_LEVEL,
        tags=parts_of(typed.get("tags") or ""),
        alignments=alignments,
        result_descriptions=[_result(row) for row in results],
        image_sha256=image_sha256,
        drawing_family=drawing_family,
        **values,
    )


def initial_of(content: Content) -> dict[str, Any]:
    """What the form shows before anything is typed."""
    shown: dict[str, Any] = {name: getattr(content, name) for name in _PLAIN}
    for language in content.begun():
        for name in TRANSLATED:
            if name != "outcomes":
                shown[f"{name}_{language}"] = getattr(content, name).get(language, "")
        lines = [outcome.get(language, "") for outcome in content.outcomes]
        shown[f"outcomes_{language}"] = "\n".join(lines).strip("\n")
    level = "" if content.eqf_level is None else str(content.eqf_level)
    rows = [
        {**row, "allowedValue": ", ".join(map(str, allowed))}
        if isinstance(allowed := row.get("allowedValue"), list)
        else row
        for row in content.result_descriptions
    ]
    return shown | {
        "language": content.language,
        "level": NO_LEVEL if content.has_no_level else level,
        "tags": ", ".join(content.tags),
        "drawing_family": content.drawing_family,
        "alignments": content.alignments,
        "result_descriptions": rows,
    }


def field_of(path: str, language: str) -> str:
    """The field of the form that `path` is typed in: `name_fr` for `/name/fr`."""
    name, _, rest = path.strip("/").partition("/")
    if name in TRANSLATED:
        return f"{name}_{rest or language}"
    return {"eqf_level": "level", "has_no_level": "level", "image_sha256": "picture"}.get(
        name, name
    )


def parts_of(text: str) -> list[str]:
    """What stands between commas, each once.

    >>> parts_of("data, charts,, data")
    ['data', 'charts']
    """
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def lines_of(text: str) -> list[str]:
    """The lines that are not empty."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def _texts(typed: Mapping[str, Any], name: str, languages: list[str]) -> Texts:
    found = {code: (typed.get(f"{name}_{code}") or "").strip() for code in languages}
    return {code: text for code, text in found.items() if text}


def _outcomes(typed: Mapping[str, Any], languages: list[str]) -> list[Texts]:
    # Line by line: the third line in French says what the third one in English says.
    columns = {code: lines_of(typed.get(f"outcomes_{code}") or "") for code in languages}
    count = max(map(len, columns.values()), default=0)
    return [
        {code: lines[index] for code, lines in columns.items() if index < len(lines)}
        for index in range(count)
    ]


def _result(row: dict[str, str]) -> dict[str, Json]:
    written: dict[str, Json] = dict(row)
    if "allowedValue" in row:
        values: list[Json] = [*parts_of(row["allowedValue"])]
        written["allowedValue"] = values
    return written
