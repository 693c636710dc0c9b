"""Every string of pages and letters has its French text, and the compiled catalogue holds it."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from tools import strings

NARROW, WIDE = "\u202f", "\u00a0"
SAME_IN_BOTH = {
    *("API", "Badge", "Cairn", "Catalogue", "Certification", "Code", "Console", "Description"),
    *("Formats", "Invitation", "Organisation", "Pages", "Points", "Rosette", "Type", "Version"),
    *("Version %(number)s", "master", "Open Badges 3.0 (JSON)", "Open Badges 3.0, JWT (RS256)"),
    "W3C Verifiable Credential, JWT",
}

in_each_language = pytest.mark.parametrize("language", strings.LANGUAGES)


@pytest.fixture(scope="module")
def in_code() -> Catalog:
    return strings.strings_of_the_rooms()


def keys(catalog: Catalog) -> set[tuple[str, ...]]:
    return {key_of(message) for message in catalog if message.id}


def key_of(message: Message) -> tuple[str, ...]:
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    context: str | bytes = message.context or ""  # bytes out of a compiled catalogue
    return (context if isinstance(context, str) else context.decode(), *ids)


def pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Each text with its translation, of one and of many; both languages tell these apart."""
    for message in catalog:
        if isinstance(message.id, tuple | list):
            yield from zip(message.id, texts(message), strict=True)
        elif message.id:
            yield message.id, str(message.string)


def texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


@in_each_language
def test_the_catalogue_holds_exactly_the_strings_of_the_code(
    in_code: Catalog, language: str
) -> None:
    in_file = strings.read(language)
    hint = "run python -m tools.strings, and translate what it names"
    assert keys(in_file) == keys(in_code), hint
    assert not in_file.obsolete, hint


@in_each_language
def test_nothing_is_left_untranslated(language: str) -> None:
    found = strings.read(language)
    assert [message.id for message in found if message.id and not strings.translated(message)] == []
    same = {source for source, text in pairs(found) if source == text}
    assert same == SAME_IN_BOTH


@in_each_language
def test_a_translation_has_the_same_blanks_and_links(language: str) -> None:
    for source, text in pairs(strings.read(language)):
        assert placeholders(text) == placeholders(source), source
        assert sorted(re.findall(r"<[^>]+>", text)) == sorted(re.findall(r"<[^>]+>", source))


@in_each_language
def test_what_was_translated_was_compiled(language: str) -> None:
    with strings.path_of(language).with_suffix(".mo").open("rb") as compiled:
        held = read_mo(compiled)
    in_file = strings.read(language)
    assert {key_of(m): texts(m) for m in held if m.id} == {
        key_of(m): texts(m) for m in in_file if m.id
    }
    assert held.plural_expr == in_file.plural_expr


def test_french_marks_have_the_space_before_them_that_french_asks_for() -> None:
    for _, text in pairs(strings.read("fr")):
        plain = re.sub(r"https?://\S*|<[^>]+>|%\(\w+\)s", "x", text)
        assert not re.search(rf"(?<!{NARROW})[;?!]", plain), text
        assert not re.search(rf"(?<!{WIDE}):(?!\w)|(?<!{WIDE})»|«(?!{WIDE})", plain), text
        assert "'" not in plain, text
