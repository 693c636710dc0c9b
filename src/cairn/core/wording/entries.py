"""The shapes of an entry in the catalogue, and the mark by which `pybabel extract` finds texts."""

from dataclasses import dataclass


def N_(text: str) -> str:  # noqa: N802 - the name that every gettext tool knows
    """`text` itself: marks a source text for translation at the time it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class ReasonTexts:
    """What is said of one reason; `why` alone names no facts."""

    sentence: str
    why: str  # why it matters, and what the reader can do
    detail: str = ""  # for technicians, folded away below the sentence; "" = nothing to add
    without_facts: str = ""  # the sentence when a fact is missing; "" = show it with a dash


@dataclass(frozen=True, slots=True)
class OutcomeTexts:
    """What is said of one outcome: a title, headlines from the most specific, a line of advice.

    The first headline whose facts are all known is shown; the last names none.
    """

    title: str
    headlines: tuple[str, ...]
    advice: str
