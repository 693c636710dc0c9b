"""The sentences of a verification in the reader's language.

Every fact is attacker-written text: it passes through `names.displayed`, stands between quotation
marks, and cannot close them itself.  A missing fact shows as "—".  A key that is not in the
catalogue is a bug here and raises KeyError.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from string import Formatter

from cairn.core.wording.dates import readable_date
from cairn.core.wording.names import displayed
from cairn.core.wording.outcomes import CHECK_TITLES, FLAG_SENTENCES, LABELS, OUTCOMES, RESULT_WORDS
from cairn.core.wording.sentences import DATE_FACTS, QUOTED, REASONS

SOURCE_LANGUAGE = "en"  # the texts in the code; it needs no catalogue
_LANGUAGES = (SOURCE_LANGUAGE, "fr")
MISSING = "—"
# as print does it, quotation marks inside quotation marks become single
_INNER_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»″ʺ〝〞＂', "'"))


def languages() -> tuple[str, ...]:
    """The languages with every text, English first."""
    return _LANGUAGES


def negotiate(requested: str | Sequence[str]) -> str:
    """The best of `languages()` for what a reader asks: tags, or an Accept-Language or LANG value.

    >>> negotiate("de, fr-CA;q=0.8, en;q=0.5"), negotiate("fr_FR.UTF-8"), negotiate(["tlh"])
    ('fr', 'fr', 'en')
    """
    wishes = requested.split(",") if isinstance(requested, str) else requested
    for wish in sorted(wishes, key=_weight, reverse=True):  # a stable sort: equals keep their order
        tag = wish.partition(";")[0].strip().lower()
        language = tag.replace("_", "-").partition(".")[0].partition("-")[0]
        if language in _LANGUAGES and _weight(wish) > 0:
            return language
    return SOURCE_LANGUAGE


def outcome_title(outcome: str, language: str) -> str:
    """The outcome in a few words, for a table or a badge; the headline says more."""
    return _translate(OUTCOMES[outcome].title, language)


def outcome_headline(outcome: str, facts: Mapping[str, str], language: str) -> str:
    """The one sentence above the checks, with as much of `OUTCOME_FACTS` as is known."""
    headlines = OUTCOMES[outcome].headlines
    known = {name for name, value in facts.items() if value}
    best = next(text for text in headlines if _placeholders(text) <= known)
    return _filled(best, facts, language)


def outcome_advice(outcome: str, language: str) -> str:
    """What the reader can do about the outcome, in one line."""
    return _translate(OUTCOMES[outcome].advice, language)


def sentence(reason: str, facts: Mapping[str, str], language: str) -> str:
    """Why one check ended as it did."""
    texts = REASONS[reason]
    complete = all(facts.get(name) for name in _placeholders(texts.sentence))
    text = texts.sentence if complete or not texts.without_facts else texts.without_facts
    return _filled(text, facts, language)


def why(reason: str, language: str) -> str:
    """Why it matters, and what the reader can do."""
    return _translate(REASONS[reason].why, language)


def detail(reason: str, facts: Mapping[str, str], language: str) -> str:
    """The same for technicians, folded away below; "" where there is nothing to add.

    A fact named `problem` is shown as it came, in English.
    """
    return _filled(REASONS[reason].detail, facts, language)


def check_title(check_id: str, language: str) -> str:
    """The name of a check, short enough for a table."""
    return _translate(CHECK_TITLES[check_id], language)


def result_word(result: str, language: str) -> str:
    """Pass, warning, fail or not checked, in one or two words."""
    return _translate(RESULT_WORDS[result], language)


def label(name: str, language: str, **facts: str) -> str:
    """What stands over a column or before a part of an answer; `name` is a key of `LABELS`."""
    return _filled(LABELS[name], facts, language)


def moment(text: str, language: str) -> str:
    """A moment as a reader's date and time, "—" for none, in quotation marks if it is no moment."""
    return _shown("since", {"since": text}, language)


def flag_sentence(flag: str, language: str) -> str:
    """What is odd about a displayed text; `flag` is a value of `names.Flag`."""
    return _translate(FLAG_SENTENCES[flag], language)


def _weight(wish: str) -> float:
    _, marked, value = wish.replace(" ", "").partition(";q=")
    try:
        return float(value) if marked else 1.0
    except ValueError:
        return 0.0  # not a weight: ask for it last, that is, not at all


@lru_cache(maxsize=len(_LANGUAGES))
def _catalogue(language: str) -> NullTranslations:
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    path = files("cairn.core.wording").joinpath("locale", language, "LC_MESSAGES", "cairn.mo")
    with path.open("rb") as compiled:
        return GNUTranslations(compiled)


def _translate(text: str, language: str) -> str:
    # gettext answers "" with the header of the catalogue
    known = language if language in _LANGUAGES else negotiate(language)
    return _catalogue(known).gettext(text) if text else ""


@lru_cache(maxsize=1024)  # of our own texts, of which there are fewer
def _placeholders(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def _filled(template: str, facts: Mapping[str, str], language: str) -> str:
    names = _placeholders(template)
    if not names:  # most of them
        return _translate(template, language)
    shown = {name: _shown(name, facts, language) for name in names}
    return _translate(template, language).format_map(shown)


def _shown(name: str, facts: Mapping[str, str], language: str) -> str:
    value = displayed(facts.get(name, "")).translate(_INNER_QUOTES)
    date = None
    if value[:1].isdigit():  # a moment begins with its year
        date = readable_date(value, lambda text: _translate(text, language))
    if date or not value:
        return date or MISSING
    # the templates leave dates bare, so what is not one brings its own quotation marks
    return _translate(QUOTED, language).format(text=value) if name in DATE_FACTS else value
