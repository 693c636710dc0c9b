"""`cairn.core.wording`: every answer of a verification has its text, in every language."""

import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.verify import report
from cairn.core.verify.report import CheckId, Outcome, Reason, Result
from cairn.core.wording import render
from cairn.core.wording.dates import readable_date
from cairn.core.wording.names import Flag
from cairn.core.wording.outcomes import CHECK_TITLES, FLAG_SENTENCES, LABELS, OUTCOMES, RESULT_WORDS
from cairn.core.wording.sentences import DATE_FACTS, FACTS, REASONS, all_texts

LOCALE = Path(str(files("cairn.core.wording"))) / "locale"
TRANSLATED = [language for language in render.languages() if language != render.SOURCE_LANGUAGE]
SAME_IN_BOTH = {"fr": {"Signature"}}
NUMBERS = {"count"}  # counted by us; every other fact is somebody's text
# what an employer should not have to know; details may say it
JARGON = re.compile(
    r"\b((?-i:DIDs?)|json|ld|jwt|url|uri|hash|cryptosuite|context|contexte|schema"
    r"|verification method|issuer id|unlisted|revoked|révoqué|superseded|tampered|verdict"
    r"|achievement|invalid|invalide|bitstring|token)\b",
    re.IGNORECASE,
)
NARROW, WIDE = "\u202f", "\u00a0"

in_each_language = pytest.mark.parametrize("language", render.languages())
in_each_translation = pytest.mark.parametrize("language", TRANSLATED)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def catalogue(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "cairn.po").open("rb") as source:
        return read_po(source, locale=language)


def strings(catalog: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalog if message.id}


def texts_in(language: str) -> Iterator[tuple[str, frozenset[str]]]:
    translated = strings(catalogue(language)) if language in TRANSLATED else {}
    for text, known in all_texts():
        yield translated.get(text, text), known


def facts_in_the_comments_of_the_report() -> dict[str, frozenset[str]]:
    source = Path(report.__file__).read_text(encoding="utf-8")
    found = re.findall(r'^    [A-Z_]+ = "(\w+)"  # facts: (.+)$', source, re.MULTILINE)
    return {reason: frozenset(names.split(", ")) for reason, names in found}


def test_catalogue_and_report_name_the_same_things() -> None:
    assert set(REASONS) == {reason.value for reason in Reason}
    assert set(CHECK_TITLES) == {check.value for check in CheckId}
    assert set(OUTCOMES) == {outcome.value for outcome in Outcome}
    assert set(RESULT_WORDS) == {result.value for result in Result}
    assert set(FLAG_SENTENCES) == {flag.value for flag in Flag}


def test_facts_are_those_that_the_report_documents() -> None:
    assert facts_in_the_comments_of_the_report() == FACTS


@in_each_language
def test_everything_has_a_text(language: str) -> None:
    for reason in Reason:
        assert render.sentence(reason, {}, language).endswith(".")
        assert render.why(reason, language).endswith(".")
        has_detail = bool(REASONS[reason].detail)  # gettext answers "" with its own header
        assert bool(render.detail(reason, {}, language)) == has_detail
    for outcome in Outcome:
        assert render.outcome_headline(outcome, {}, language).endswith(".")
        assert render.outcome_advice(outcome, language).endswith(".")
        assert 0 < len(render.outcome_title(outcome, language)) < 40
    assert all(render.check_title(check, language) for check in CheckId)
    assert len({render.result_word(result, language) for result in Result}) == len(Result)
    assert all(render.flag_sentence(flag, language).endswith(".") for flag in Flag)
    assert all(render.label(name, language) for name in LABELS)


@in_each_language
def test_a_text_names_only_facts_that_exist(language: str) -> None:
    for text, known in texts_in(language):
        assert placeholders(text) <= known, text


@in_each_translation
def test_a_translation_names_the_same_facts(language: str) -> None:
    for source, text in strings(catalogue(language)).items():
        assert placeholders(text) == placeholders(source), source


@in_each_translation
def test_nothing_is_left_untranslated(language: str) -> None:
    found = catalogue(language)
    assert not [message.id for message in found if message.id and message.fuzzy]
    same = {source for source, text in strings(found).items() if text in {"", source}}
    assert same == SAME_IN_BOTH[language]


@in_each_translation
def test_the_catalogue_holds_exactly_the_texts_of_the_code(language: str) -> None:
    found = catalogue(language)
    assert set(strings(found)) == {text for text, _ in all_texts()}
    assert not found.obsolete


@in_each_translation
def test_the_compiled_catalogue_is_up_to_date(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "cairn.mo").open("rb") as compiled:
        assert strings(read_mo(compiled)) == strings(catalogue(language))


def test_a_language_is_offered_exactly_when_it_has_a_catalogue() -> None:
    assert sorted(path.name for path in LOCALE.iterdir()) == sorted(TRANSLATED)


@in_each_language
def test_facts_stand_between_quotation_marks_but_for_dates_and_numbers(language: str) -> None:
    opening, closing = {"en": ("“", "”"), "fr": (f"«{WIDE}", f"{WIDE}»")}[language]
    for text, known in texts_in(language):
        bare = re.sub(rf"{opening}\{{\w+\}}{closing}", "", text)
        if "month" not in known:
            assert placeholders(bare) <= DATE_FACTS | NUMBERS, text


@in_each_language
def test_what_is_said_first_holds_no_jargon(language: str) -> None:
    said = [render.sentence(reason, {}, language) for reason in Reason]
    said += [render.why(reason, language) for reason in Reason]
    said += [render.outcome_headline(outcome, {}, language) for outcome in Outcome]
    said += [render.outcome_advice(outcome, language) for outcome in Outcome]
    assert [text for text in said if JARGON.search(text)] == []


@in_each_language
def test_a_headline_is_one_sentence_and_falls_back_to_no_facts(language: str) -> None:
    for texts in OUTCOMES.values():
        assert placeholders(texts.headlines[-1]) == set()
    for outcome in Outcome:
        assert render.outcome_headline(outcome, {}, language).count(".") == 1


def test_french_spaces_stand_before_tall_marks() -> None:
    for text in strings(catalogue("fr")).values():
        plain = re.sub(r"\{\w+\}", "x", text)
        assert not re.search(rf"(?<!{NARROW})[;?!]", plain), text
        assert not re.search(rf"(?<!{WIDE})[:»]|«(?!{WIDE})", plain), text
        assert "'" not in plain, text


def test_apostrophes_and_quotation_marks_are_typographic() -> None:
    assert [text for text, _ in all_texts() if "'" in text or '"' in text] == []


@pytest.mark.parametrize(
    ("facts", "headline"),
    [
        pytest.param(
            {"registered_issuer": "Northbridge", "issuer_name": "NB"},
            "This credential is in force: “Northbridge” awarded it.",
            id="a register's name comes first",
        ),
        pytest.param(
            {"issuer_name": "Harvard", "registered_issuer": ""},
            "This credential is in force; its issuer calls itself “Harvard”.",
            id="the issuer's own word is said to be that",
        ),
        pytest.param({}, "This credential is in force.", id="nothing known"),
    ],
)
def test_the_headline_says_by_whom_as_far_as_known(facts: dict[str, str], headline: str) -> None:
    assert render.outcome_headline(Outcome.IN_FORCE, facts, "en") == headline


def test_an_altered_credential_names_nobody() -> None:
    everything = dict.fromkeys(("registered_issuer", "issuer_name", "title"), "Northbridge")
    for language in render.languages():
        assert "Northbridge" not in render.outcome_headline(Outcome.ALTERED, everything, language)


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("2026-05-14T10:00:00Z", "14 May 2026, 10:00 UTC", "14 mai 2026 à 10:00 UTC"),
        ("2026-08-01T00:00:59Z", "1 August 2026, 00:00 UTC", "1er août 2026 à 00:00 UTC"),
        (
            "2026-01-01T00:30:00+02:00",
            "31 December 2025, 22:30 UTC",
            "31 décembre 2025 à 22:30 UTC",
        ),
        ("2026-05-14T10:00:00.999Z", "14 May 2026, 10:00 UTC", "14 mai 2026 à 10:00 UTC"),
        ("2026-02-30T10:00:00Z", "“2026-02-30T10:00:00Z”", f"«{WIDE}2026-02-30T10:00:00Z{WIDE}»"),
        ("2026-05-14", "“2026-05-14”", f"«{WIDE}2026-05-14{WIDE}»"),
        ("0001-01-01T00:00:00+23:00", None, None),
        ("", "—", "—"),
    ],
)
def test_dates_cannot_be_misread(text: str, english: str | None, french: str | None) -> None:
    facts = {"until": text}
    shown_english = english or f"“{text}”"
    shown_french = french or f"«{WIDE}{text}{WIDE}»"
    assert render.sentence("validity_expired", facts, "en") == f"It held until {shown_english}."
    assert (
        render.sentence("validity_expired", facts, "fr") == f"Elle valait jusqu’au {shown_french}."
    )


@given(st.datetimes())
def test_every_moment_is_readable(moment: object) -> None:
    text = str(moment).replace(" ", "T").partition(".")[0] + "Z"
    shown = readable_date(text, str)
    assert shown is not None
    assert re.fullmatch(r"[1-9][0-9]? [A-Z][a-z]+ [0-9]{4}, [0-9]{2}:[0-9]{2} UTC", shown)


@pytest.mark.parametrize(
    ("requested", "language"),
    [
        ("fr", "fr"),
        ("fr-CA", "fr"),
        ("FR_be.UTF-8", "fr"),
        ("en-GB", "en"),
        ("de, fr;q=0.3, en;q=0.7", "en"),
        ("de;q=0.9, fr-CH; q=0.8", "fr"),
        ("en;q=0.1, fr", "fr"),
        ("fr;q=0", "en"),
        ("fr;q=many", "en"),
        ("fro", "en"),
        ("*", "en"),
        ("", "en"),
        ("C.UTF-8", "en"),
        (["tlh", "fr-CA", "en"], "fr"),
        ([], "en"),
    ],
)
def test_negotiation_takes_the_best_language_there_is(
    requested: str | list[str], language: str
) -> None:
    assert render.negotiate(requested) == language


@given(st.text(max_size=30))
def test_negotiation_always_answers(requested: str) -> None:
    assert render.negotiate(requested) in render.languages()


def test_an_unknown_language_reads_english() -> None:
    assert render.result_word(Result.PASS, "tlh") == "Pass"
    assert render.result_word(Result.PASS, "fr-CA") == "Conforme"


@in_each_language
def test_a_missing_fact_shows_as_a_dash(language: str) -> None:
    shown = render.sentence("register_listed", {"issuer": "", "operator": "Ministry"}, language)
    assert shown.count("—") == 2


def test_dates_that_the_issuer_left_out_are_not_shown_as_dashes() -> None:
    facts = {"since": "", "until": "2029-05-14T10:00:00Z"}
    assert render.sentence("validity_current", facts, "en") == "It is in date."
    assert "—" not in render.sentence("validity_open_ended", {}, "en")


def test_an_unnamed_person_gets_a_sentence_of_its_own() -> None:
    assert "nobody has proved that the sender is this person" in render.sentence(
        "holder_unproven", {"recipient": ""}, "en"
    )
    assert "—" not in render.sentence("holder_unproven", {"recipient": ""}, "en")
    assert "“Amina”" in render.sentence("holder_unproven", {"recipient": "Amina"}, "en")


def test_an_unknown_key_is_a_bug() -> None:
    with pytest.raises(KeyError):
        render.sentence("no_such_reason", {}, "en")


HOSTILE = "X”. It is in a register. “{issuer} {0} %s \u202e\n»"
Renderer = Callable[[str, Mapping[str, str], str], str]


@in_each_language
@pytest.mark.parametrize("render_text", [render.sentence, render.detail])
def test_a_hostile_fact_stays_inside_its_quotation_marks(
    language: str, render_text: Renderer
) -> None:
    closing = {"en": "”", "fr": "»"}[language]
    for reason, names in FACTS.items():
        benign = render_text(reason, dict.fromkeys(names - DATE_FACTS, "a"), language)
        shown = render_text(reason, dict.fromkeys(names - DATE_FACTS, HOSTILE), language)
        assert shown.count(closing) == benign.count(closing), reason
        assert "\u202e" not in shown
        assert "\n" not in shown


@given(st.text(max_size=60))
def test_any_text_may_stand_where_a_date_should(text: str) -> None:
    shown = render.sentence("proof_expired", {"expires": text}, "en")
    assert re.search(r"before (“[^“”]*”|—|[^“”]+ UTC)\.$", shown)
