"""Hypothesis strategies for every value an Open Badge is made of, each term present now and then.

`badges()` gives what `achievement_credential` takes.  Ids are drawn from one counter per value, so
that no two different objects share one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from hypothesis import strategies as st

from cairn.core.codec import timestamps
from cairn.core.openbadges import vocabulary
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.award import Award, Evidence, IdentityObject, hashed_identity, recipient
from cairn.core.openbadges.parts import (
    Address,
    Alignment,
    Criteria,
    GeoCoordinates,
    IdentifierEntry,
    Image,
    Related,
)
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.results import Result, ResultDescription, RubricCriterionLevel

T = TypeVar("T")

# Everything text may hold: letters of any script, marks, symbols, tabs and line ends.
_CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), include_characters="\t\n\r"
)
_WORDS = st.sampled_from(["Data", "données", "Öl", "統計", 'a "b" \\ c', "نور", "x" * 40])
texts = st.one_of(_WORDS, st.text(_CHARACTERS, min_size=1, max_size=30).filter(str.strip))
optional_texts = st.one_of(st.just(""), texts)
numbers = st.one_of(
    st.integers(0, 2**53 - 1),
    st.decimals(0, 10_000, places=2).map(float),
    st.sampled_from([0.1, 1e-6, 123456789.012345]),
)
languages = st.sampled_from(["", "en", "pt-BR", "sr-Latn-RS", "es-419"])
_EARLIEST, _LATEST = datetime(1900, 1, 1), datetime(2999, 12, 31)  # noqa: DTZ001  zone added below
moments = st.datetimes(_EARLIEST, _LATEST, timezones=st.just(UTC)).map(timestamps.write)
salts = st.text("0123456789abcdef", min_size=16, max_size=32)
emails = st.from_regex(r"[a-z0-9.+_-]{1,20}@[a-z0-9]{1,10}\.(org|example)", fullmatch=True)
extensions = st.from_regex(r"ext:[A-Za-z0-9._][A-Za-z0-9._-]{0,10}", fullmatch=True)


def one_of(values: frozenset[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(sorted(values)), extensions)


def iris(number: int) -> st.SearchStrategy[str]:
    """IRIs that no other `number` gives."""
    forms = (
        "https://{0}.example.org/x?y=z#f",
        "urn:example:{0}",
        "did:example:{0}",
        "https://é.example/{0}",
    )
    return st.sampled_from([form.format(number) for form in forms])


def some(entries: st.SearchStrategy[T], most: int = 2) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(entries, max_size=most).map(tuple)


def maybe(entry: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.one_of(st.none(), entry)


identifier_entries = st.builds(IdentifierEntry, texts, one_of(vocabulary.IDENTIFIER_TYPES))
alignments = st.builds(
    Alignment,
    texts,
    iris(0),
    optional_texts,
    optional_texts,
    optional_texts,
    st.one_of(st.just(""), one_of(vocabulary.TARGET_TYPES)),
)
addresses = st.builds(
    Address,
    *[optional_texts] * 7,
    geo=maybe(st.builds(GeoCoordinates, st.integers(-90, 90), st.sampled_from([0, 1.5, -179.25]))),
)


def images(number: int) -> st.SearchStrategy[Image]:
    data = st.just(f"data:image/png;base64,iVBORw0KGgo{number}=")
    return st.builds(Image, st.one_of(iris(number), data), optional_texts)


def profiles(number: int, *, parents: int = 1) -> st.SearchStrategy[Profile]:
    parent = profiles(number + 1, parents=parents - 1) if parents else st.none()
    return st.builds(
        Profile,
        id=iris(number),
        name=optional_texts,
        description=optional_texts,
        url=st.one_of(st.just(""), iris(0)),
        email=st.one_of(st.just(""), emails),
        phone=optional_texts,
        official=optional_texts,
        image=maybe(images(number + 50)),
        address=maybe(addresses),
        other_identifier=some(identifier_entries),
        parent_org=st.one_of(st.none(), parent),
        family_name=optional_texts,
        given_name=optional_texts,
        additional_name=optional_texts,
        patronymic_name=optional_texts,
        honorific_prefix=optional_texts,
        honorific_suffix=optional_texts,
        family_name_prefix=optional_texts,
    )


@st.composite
def levels(draw: st.DrawFn, number: int) -> RubricCriterionLevel:
    return RubricCriterionLevel(
        id=draw(iris(number)),
        name=draw(texts),
        description=draw(optional_texts),
        level=draw(optional_texts),
        points=draw(optional_texts),
        alignment=draw(some(alignments)),
    )


@st.composite
def result_descriptions(draw: st.DrawFn, number: int) -> ResultDescription:
    rubric = tuple(draw(levels(number + i)) for i in range(1, 1 + draw(st.integers(0, 3))))
    allowed = draw(some(texts, 4))
    is_bounded = not allowed and draw(st.booleans())
    required = draw(st.sampled_from(allowed)) if allowed else draw(st.sampled_from(["", "55.5"]))
    return ResultDescription(
        id=draw(iris(number)),
        name=draw(texts),
        result_type=draw(one_of(vocabulary.RESULT_TYPES)),
        allowed_value=allowed,
        value_min="0" if is_bounded else "",
        value_max="100" if is_bounded else "",
        required_value=required,
        required_level=draw(st.sampled_from(["", *(level.id for level in rubric)])),
        rubric_criterion_level=rubric,
        alignment=draw(some(alignments)),
    )


@st.composite
def achievements(draw: st.DrawFn) -> Achievement:
    count = draw(st.integers(0, 2))
    return Achievement(
        id=draw(iris(200)),
        name=draw(texts),
        description=draw(texts),
        criteria=draw(criteria),
        achievement_type=draw(st.one_of(st.just(""), one_of(vocabulary.ACHIEVEMENT_TYPES))),
        in_language=draw(languages),
        version=draw(optional_texts),
        human_code=draw(optional_texts),
        field_of_study=draw(optional_texts),
        specialization=draw(optional_texts),
        credits_available=draw(maybe(numbers)),
        image=draw(maybe(images(201))),
        creator=draw(maybe(profiles(300))),
        tag=draw(some(texts, 4)),
        alignment=draw(some(alignments, 3)),
        result_description=tuple(draw(result_descriptions(210 + 10 * i)) for i in range(count)),
        related=draw(some(st.builds(Related, iris(202), st.just("fr"), st.just("2")), 1)),
        other_identifier=draw(some(identifier_entries)),
    )


criteria = st.one_of(
    st.builds(Criteria, st.just(""), texts), st.builds(Criteria, iris(203), optional_texts)
)


@st.composite
def identities(draw: st.DrawFn) -> tuple[IdentityObject, ...]:
    other = hashed_identity(draw(texts), draw(one_of(vocabulary.IDENTIFIER_TYPES)), draw(salts))
    return recipient(
        name=draw(optional_texts),
        email=draw(st.one_of(st.just(""), emails)),
        salt=draw(salts),
        others=(other,),
    )


@st.composite
def results(draw: st.DrawFn, achievement: Achievement) -> Result:
    """A result that is possible for `achievement`."""
    if not achievement.result_description:
        return Result(value=draw(texts), alignment=draw(some(alignments)))
    description = draw(st.sampled_from(achievement.result_description))
    values = description.allowed_value or (("0", "99.5") if description.value_min else ("B", "7"))
    achieved = [level.id for level in description.rubric_criterion_level]
    return Result(
        result_description=description.id,
        value=draw(st.sampled_from(values)),
        status=draw(st.sampled_from(["", *sorted(vocabulary.RESULT_STATUSES)])),
        achieved_level=draw(st.sampled_from(["", *achieved])),
        alignment=draw(some(alignments)),
    )


def evidences(number: int) -> st.SearchStrategy[Evidence]:
    return st.builds(Evidence, iris(number), *[optional_texts] * 5)


@st.composite
def awards(draw: st.DrawFn, achievement: Achievement) -> Award:
    """An award of `achievement`."""
    first, second, third = sorted(draw(st.lists(moments, min_size=3, max_size=3, unique=True)))
    maybe_moment: Callable[[str], str] = lambda moment: draw(st.sampled_from(["", moment]))  # noqa: E731
    return Award(
        valid_from=second,
        valid_until=maybe_moment(third),
        awarded_date=maybe_moment(first),
        id=draw(st.sampled_from(["", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"])),
        identifier=draw(identities()),
        activity_start_date=maybe_moment(first),
        activity_end_date=maybe_moment(second),
        credits_earned=draw(maybe(numbers)),
        role=draw(optional_texts),
        term=draw(optional_texts),
        license_number=draw(optional_texts),
        narrative=draw(optional_texts),
        image=draw(maybe(images(400))),
        source=draw(maybe(profiles(410))),
        result=draw(some(results(achievement))),
        evidence=tuple(draw(evidences(420 + i)) for i in range(draw(st.integers(0, 2)))),
    )


@dataclass(frozen=True, slots=True)
class Badge:
    """What one credential is built from."""

    achievement: Achievement
    award: Award
    issuer: Profile


@st.composite
def badges(draw: st.DrawFn) -> Badge:
    achievement = draw(achievements())
    return Badge(achievement, draw(awards(achievement)), draw(profiles(100)))
