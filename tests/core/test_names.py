"""`cairn.core.wording.names`: nothing hides in a displayed name, no script loses letters."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cairn.core.wording.names import _PLAIN_LATIN, MAX_MARKS, displayed, flags

HIDDEN = (
    "\u202e\u2066\u200b\u200d\u200c\u00ad\ufeff\u2028\n\r\t\x00\x1b\u3164\ufe0f\U000e0041\ud800"
)
LETTERS = "aé бα می क् র 葛 👩 🏽 ❤ \u0301 \u3000…⟨⟩"
texts = st.text(max_size=80) | st.text(alphabet=HIDDEN + LETTERS, max_size=80)

LEGITIMATE = [
    pytest.param("José Ñandú O’Neill-Łukasz", id="European"),
    pytest.param("Nguye\u0302\u0303n Thi\u0323", id="decomposed Vietnamese"),
    pytest.param("می\u200cخواهم", id="Persian, zero-width non-joiner"),
    pytest.param("क्\u200dष क्\u200cष", id="Devanagari, both joiners"),
    pytest.param("ശ്രീ\u0d28\u0d4d\u200d", id="Malayalam chillu at the end of a word"),
    pytest.param("\u09b0\u200d\u09cd\u09af\u09be", id="Bengali, joiner before the virama"),
    pytest.param("ශ්\u200dරී ලංකා", id="Sinhala"),
    pytest.param("\u1b13\u1b44\u200d\u1b13", id="Balinese, virama that takes space"),
    pytest.param("👩\u200d💻 👨🏽\u200d⚕\ufe0f 🏳\ufe0f\u200d🌈", id="emoji sequences"),
    pytest.param("❤\ufe0f 1\ufe0f\u20e3 ™\ufe0f", id="selectors and keycap"),
    pytest.param("葛\U000e0100城市", id="ideographic variant"),
    pytest.param("בְּרֵאשִׁ֖ית", id="pointed Hebrew"),
    pytest.param("Мария Иванова, Maria", id="scripts in different words"),
]

HOSTILE = [
    pytest.param("evil\u202ecod.exe", "evil⟨U+202E⟩cod.exe", "bidi control", id="override"),
    pytest.param("a\u2067b", "a⟨U+2067⟩b", "bidi control", id="isolate"),
    pytest.param("Har\u200bvard", "Har⟨U+200B⟩vard", "zero-width", id="zero-width space"),
    pytest.param("Har\u200dvard", "Har⟨U+200D⟩vard", "zero-width", id="joiner in Latin"),
    pytest.param("می\u200c\u200cخ", "می⟨U+200C⟩⟨U+200C⟩خ", "zero-width", id="doubled joiner"),
    pytest.param("می\u200c", "می⟨U+200C⟩", "zero-width", id="joiner at the end"),
    pytest.param("\u200d💻", "⟨U+200D⟩💻", "zero-width", id="joiner at the start"),
    pytest.param("a\ufe0f", "a⟨U+FE0F⟩", "zero-width", id="selector after a letter"),
    pytest.param("1\ufe0f2", "1⟨U+FE0F⟩2", "zero-width", id="selector after a digit"),
    pytest.param("❤\ufe0f\ufe0f", "❤\ufe0f⟨U+FE0F⟩", "zero-width", id="doubled selector"),
    pytest.param("\ufe0f\u20e3", "⟨U+FE0F⟩\u20e3", "zero-width", id="keycap without its key"),
    pytest.param("1\u094d\u200d", "1\u094d⟨U+200D⟩", "zero-width", id="virama on a digit"),
    pytest.param("A\U000e0042", "A⟨U+E0042⟩", "zero-width", id="tag"),
    pytest.param("a\u3164", "a⟨U+3164⟩", "zero-width", id="filler"),
    pytest.param("a\r\nb", "a⟨U+000D⟩⟨U+000A⟩b", "unreadable character", id="line break"),
    pytest.param("\x1b[2J", "⟨U+001B⟩[2J", "unreadable character", id="terminal escape"),
    pytest.param("a\u2028b", "a⟨U+2028⟩b", "unreadable character", id="line separator"),
    pytest.param("a\ud800", "a⟨U+D800⟩", "unreadable character", id="lone surrogate"),
    pytest.param("\u0338 ok", "⟨U+0338⟩ ok", "unreadable character", id="mark on nothing"),
    pytest.param(" \u0338ok", "⟨U+0338⟩ok", "unreadable character", id="mark on a stripped space"),
    pytest.param("P\u0430ypal", "P\u0430ypal", "mixed scripts", id="Cyrillic in Latin"),
    pytest.param("Ηarvard", "Ηarvard", "mixed scripts", id="Greek in Latin"),
    pytest.param("a\u0301\u0430", "a\u0301\u0430", "mixed scripts", id="a mark ends no word"),
    pytest.param("H2\u041e", "H2\u041e", "mixed scripts", id="a digit ends no word"),
]


@pytest.mark.parametrize("text", LEGITIMATE)
def test_what_a_language_needs_stays_and_raises_no_flag(text: str) -> None:
    assert displayed(text) == text
    assert flags(text) == ()


@pytest.mark.parametrize(("text", "shown", "flag"), HOSTILE)
def test_what_hides_is_shown_and_flagged(text: str, shown: str, flag: str) -> None:
    assert displayed(text) == shown
    assert flags(text) == (flag,)


@given(texts, st.integers(1, 120))
def test_one_short_line_that_can_be_written_anywhere(text: str, max_length: int) -> None:
    shown = displayed(text, max_length)
    assert len(shown) <= max_length
    assert len(shown.splitlines()) <= 1
    assert "  " not in shown
    shown.encode()


@given(texts)
def test_nothing_odd_is_left_after_display(text: str) -> None:
    assert set(flags(displayed(text, 10_000))) <= {"mixed scripts"}
    assert not {unicodedata.category(char) for char in displayed(text)} & {"Cc", "Cs", "Co", "Cn"}


@given(texts, st.integers(1, 120))
@example("\u115f\u094d\u200c", 10)
def test_displaying_twice_changes_nothing(text: str, max_length: int) -> None:
    once = displayed(text, max_length)
    assert displayed(once, max_length) == once


@given(texts)
def test_a_text_without_oddities_keeps_every_character(text: str) -> None:
    if not flags(text):
        assert displayed(text, 10_000).split() == text.split()


def test_spaces_of_every_kind_become_one() -> None:
    assert displayed("\u3000a \u00a0\u2003 b ") == "a b"


def test_long_text_is_cut_between_whole_characters() -> None:
    assert displayed("abcdef", 4) == "abc…"
    assert displayed("abcd", 4) == "abcd"
    assert displayed("ab👩\u200d💻", 4) == "ab…"
    assert displayed("ab👩\u200d💻c", 5) == "ab…"
    assert displayed("a\u0301" * 3, 4) == "a\u0301…"
    assert displayed("abc def", 5) == "abc…"


def test_marks_are_not_stacked_into_the_lines_above() -> None:
    shown = displayed("a" + "\u0301" * (MAX_MARKS + 2))
    assert shown == "a" + "\u0301" * MAX_MARKS + "⟨U+0301⟩" * 2
    assert displayed("a" + "\u0301" * 90, MAX_MARKS + 4) == "a" + "\u0301" * MAX_MARKS + "…"


def test_every_character_that_is_taken_for_plain_is_seen_and_latin() -> None:
    for char in map(chr, range(0x3000)):
        if _PLAIN_LATIN.fullmatch(char):
            assert displayed(char + "a") == (char + "a").strip(" ")
            is_letter = unicodedata.category(char).startswith("L")
            assert not is_letter or unicodedata.name(char).startswith("LATIN ")
    assert not _PLAIN_LATIN.fullmatch("a\n")


def test_what_cannot_be_seen_ends_no_word() -> None:
    assert flags("a\u200b\u0430") == ("zero-width", "mixed scripts")
