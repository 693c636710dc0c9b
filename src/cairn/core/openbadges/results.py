"""What can be achieved, and what was: result descriptions, rubric levels, results.

Source: Open Badges 3.0, appendices B.1.22 to B.1.24.  Whether a result is good enough
(`requiredValue`, `requiredLevel`) is the issuer's judgement; here is only whether it can be one.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from cairn.core.errors import Malformed
from cairn.core.openbadges.parts import Alignment
from cairn.core.openbadges.rules import Iri, Line, Prose, ResultStatus, ResultType
from cairn.core.openbadges.terms import Part, check_terms

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class RubricCriterionLevel(Part):
    """One level of a rubric."""

    TYPE: ClassVar[str] = "RubricCriterionLevel"

    id: Iri
    name: Line
    description: Prose = ""
    level: Line = ""
    points: Line = ""
    alignment: tuple[Alignment, ...] = ()

    def __post_init__(self) -> None:
        check_terms(self)


@dataclass(frozen=True, slots=True)
class ResultDescription(Part):
    """What kind of result an achievement has, and which values it can take."""

    TYPE: ClassVar[str] = "ResultDescription"

    id: Iri
    name: Line
    result_type: ResultType
    allowed_value: tuple[Line, ...] = ()  # from the lowest to the highest
    value_min: Line = ""
    value_max: Line = ""
    required_value: Line = ""
    required_level: Iri = ""
    rubric_criterion_level: tuple[RubricCriterionLevel, ...] = ()
    alignment: tuple[Alignment, ...] = ()

    def __post_init__(self) -> None:
        check_terms(self)
        low, high = number(self.value_min), number(self.value_max)
        if low is not None and high is not None and low > high:
            raise Malformed(f"is above valueMax, {self.value_max}; exchange them", "/valueMin")
        if self.required_value and (flaw := value_flaw(self, self.required_value)):
            raise Malformed(flaw, "/requiredValue")
        if self.required_level and (flaw := level_flaw(self, self.required_level)):
            raise Malformed(flaw, "/requiredLevel")


@dataclass(frozen=True, slots=True)
class Result(Part):
    """What one learner achieved; `result_description` is the id of the description it is for."""

    TYPE: ClassVar[str] = "Result"

    result_description: Iri = ""
    value: Line = ""
    status: ResultStatus = ""
    achieved_level: Iri = ""
    alignment: tuple[Alignment, ...] = ()

    def __post_init__(self) -> None:
        check_terms(self)
        if not (self.value or self.status or self.achieved_level):
            raise Malformed("says nothing; give a value, a status or a level")


def number(text: str) -> Decimal | None:
    """The number that `text` plainly writes, None if it is another kind of value."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def is_numeric(description: ResultDescription) -> bool:
    """Whether its values are numbers between two bounds, or beyond one."""
    bounds = (description.value_min, description.value_max)
    return any(bounds) and all(number(bound) is not None for bound in bounds if bound)


def value_flaw(description: ResultDescription, value: str) -> str:
    """Why `value` is none that `description` allows, and the mend; "" if it is one."""
    if description.allowed_value:
        if value in description.allowed_value:
            return ""
        return f"is not allowed here; write one of {', '.join(description.allowed_value)}"
    if not is_numeric(description):
        return ""  # letter bounds such as F and A say nothing about order
    amount, low, high = map(number, (value, description.value_min, description.value_max))
    if amount is None:
        return "is not a number; write one such as 7.5"
    if low is not None and amount < low:
        return f"is below the lowest value; write {description.value_min} or more"
    if high is not None and amount > high:
        return f"is above the highest value; write {description.value_max} or less"
    return ""


def level_flaw(description: ResultDescription, level_id: str) -> str:
    """Why `level_id` is no level of `description`, and the mend; "" if it is one."""
    levels = description.rubric_criterion_level
    if any(level.id == level_id for level in levels):
        return ""
    if not levels:
        return "names a level, but the result description has none; leave it out"
    return f"is no level of the rubric; write one of {', '.join(level.id for level in levels)}"


def check_result(descriptions: tuple[ResultDescription, ...], result: Result) -> None:
    """Raise `Malformed` unless `result` is possible under the description that it names."""
    if not result.result_description:
        return
    described = [d for d in descriptions if d.id == result.result_description]
    if not described:
        raise Malformed(
            "is no result description of the achievement; name one, or leave it out",
            "/resultDescription",
        )
    if result.value and (flaw := value_flaw(described[0], result.value)):
        raise Malformed(flaw, "/value")
    if result.achieved_level and (flaw := level_flaw(described[0], result.achieved_level)):
        raise Malformed(flaw, "/achievedLevel")
