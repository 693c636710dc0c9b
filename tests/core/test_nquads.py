"""`cairn.core.rdf.nquads`: canonical spelling by the rule, and as pyoxigraph reads it back."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import Malformed
from cairn.core.rdf.nquads import RDF_LANG_STRING, XSD_STRING, iri, line, literal
from tests.core.rdf_reading import parsed

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
controls = st.text(st.sampled_from('\x00\b\t\n\x0b\f\r\x1f "\\\x7f\x80\x85\u2028'), max_size=30)


def read_back(object_: str) -> ox.Literal:
    (quad,) = parsed(line(("<s:s>", "<p:p>", object_, "")).encode())
    assert isinstance(quad.object, ox.Literal)
    return quad.object


@pytest.mark.parametrize(
    ("character", "escaped"),
    [
        pytest.param("\b", r"\b", id="backspace"),
        pytest.param("\t", r"\t", id="tab"),
        pytest.param("\n", r"\n", id="line feed"),
        pytest.param("\f", r"\f", id="form feed"),
        pytest.param("\r", r"\r", id="carriage return"),
        pytest.param('"', r"\"", id="quote"),
        pytest.param("\\", r"\\", id="backslash"),
        pytest.param("\x00", r"\u0000", id="first control"),
        pytest.param("\x0b", r"\u000B", id="vertical tab, in capitals"),
        pytest.param("\x1f", r"\u001F", id="last control"),
        pytest.param("\x7f", r"\u007F", id="delete"),
    ],
)
def test_the_characters_that_appendix_a_escapes(character: str, escaped: str) -> None:
    assert literal(f"a{character}b") == f'"a{escaped}b"'


@pytest.mark.parametrize("character", [" ", "'", "\x80", "\x85", "\u2028", "é", "\ufffe", "🌃"])
def test_every_other_character_stands_for_itself(character: str) -> None:
    assert literal(character) == f'"{character}"'


@given(texts | controls)
def test_a_reader_gets_the_text_back(text: str) -> None:
    assert read_back(literal(text)) == ox.Literal(text)


@given(texts | controls)
def test_a_literal_stays_on_its_line(text: str) -> None:
    assert "\n" not in literal(text)
    assert "\r" not in literal(text)


def test_a_string_shows_no_datatype() -> None:
    assert literal("x", datatype=XSD_STRING) == literal("x") == '"x"'


def test_another_datatype_is_shown() -> None:
    assert literal("1.0", datatype="x:decimal") == '"1.0"^^<x:decimal>'


def test_a_language_is_kept_as_written() -> None:
    assert literal("x", language="en-GB") == '"x"@en-GB'
    assert literal("x", language="en-GB", datatype=RDF_LANG_STRING) == '"x"@en-GB'


@pytest.mark.parametrize("language", ["en_US", "en-", "-en", "en us", "1e", 'en" .\n', "é", "en\n"])
def test_refuses_what_is_no_language_tag(language: str) -> None:
    with pytest.raises(Malformed, match="language tag"):
        literal("x", language=language)


def test_refuses_a_language_beside_another_datatype() -> None:
    with pytest.raises(Malformed, match="datatype"):
        literal("x", language="en", datatype=XSD_STRING)


def test_refuses_a_language_string_without_language() -> None:
    with pytest.raises(Malformed, match="without a language"):
        literal("x", datatype=RDF_LANG_STRING)


@pytest.mark.parametrize("surrogate", [chr(0xD800), chr(0xDFFF)])
def test_refuses_text_that_has_no_bytes(surrogate: str) -> None:
    with pytest.raises(Malformed, match=r"surrogate, U\+D[8F][0F][0F]"):
        literal(f"a{surrogate}b")
    with pytest.raises(Malformed, match="not an IRI"):
        iri(f"x:{surrogate}")


def test_an_iri_is_kept_as_written() -> None:
    assert iri("https://Uni.example/é\u00a0?q=%zz#ü") == "<https://Uni.example/é\u00a0?q=%zz#ü>"


@pytest.mark.parametrize("value", ["", *(f"x:{mark}y" for mark in '<>"{}|^`\\ \n\x00\x1f')])
def test_refuses_what_is_no_iri(value: str) -> None:
    with pytest.raises(Malformed, match="not an IRI"):
        iri(value)
    if value:
        with pytest.raises(Malformed, match="not an IRI"):
            literal("x", datatype=value)


def test_a_line_names_its_graph_or_leaves_it_out() -> None:
    assert line(("<s:s>", "<p:p>", "_:o", "")) == "<s:s> <p:p> _:o .\n"
    assert line(("<s:s>", "<p:p>", "_:o", "_:g")) == "<s:s> <p:p> _:o _:g .\n"
