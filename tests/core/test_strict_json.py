"""`cairn.core.codec.strict_json`: one reading of every document, checked against the stdlib."""

import json
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec.strict_json import MAX_INTEGER, Json, Limits, read, write
from cairn.core.errors import Malformed
from tests.timing import took_at_most

# Pieces that parsers disagree on, to be put together in any order.
PUNCTUATION = ["{", "}", "[", "]", ",", ":", " ", "\n", '"', "\\", ".", "\x00", "//", "\ufeff"]
STRINGS = ['"a"', '"b"', r'"\u0061"', r'"\\"', r'"\""', '":"', '"{"']
SURROGATES = [r'"\ud800"', r'"\udc00\ud800"', r'"\ud83d\ude00"']
NUMBERS = ["0", "-0", "1", "1.0", "-0.0", "1e400", "9007199254740993", "1e17", "1e30", "01", "+1"]
WORDS = ["true", "null", "NaN", "-Infinity", '"ü"']
PIECES = st.sampled_from([*PUNCTUATION, *STRINGS, *SURROGATES, *NUMBERS, *WORDS])

floats = st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda x: math.copysign(1, x) > 0 or x != 0
)
text = st.text(st.characters(exclude_categories=["Cs"])) | st.text('\\":,[]{}1-')
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | floats.filter(lambda x: not (MAX_INTEGER < abs(x) < 1e21))
    | text
)
values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)


def slow_read(text: str) -> object:
    """The oracle: the standard library with every refusal in a hook; raises ValueError."""

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("repeated")
        return dict(pairs)

    def integer(token: str) -> int:
        if token == "-0" or abs(int(token)) > MAX_INTEGER:
            raise ValueError(token)
        return int(token)

    def real(token: str) -> float:
        number = float(token)
        is_rounded = number.is_integer() and MAX_INTEGER < abs(number) < 1e21
        if not math.isfinite(number) or (number == 0 and token[0] == "-") or is_rounded:
            raise ValueError(token)
        return number

    def constant(token: str) -> object:
        raise ValueError(token)

    value: object = json.loads(
        text,
        object_pairs_hook=members,
        parse_int=integer,
        parse_float=real,
        parse_constant=constant,
    )
    json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is a ValueError
    return value


def typed(value: object) -> object:
    """`value` with types visible: 1, 1.0 and True are equal in Python."""
    if isinstance(value, dict):
        return {key: typed(child) for key, child in value.items()}
    if isinstance(value, list):
        return [typed(child) for child in value]
    return type(value), value


def outcome(reader: Callable[[], object]) -> object:
    try:
        return typed(reader())
    except ValueError:  # Malformed is one
        return "refused"


@given(st.lists(PIECES, max_size=12).map("".join))
def test_agrees_with_a_slow_reader(text: str) -> None:
    assert outcome(lambda: read(text.encode())) == outcome(lambda: slow_read(text))


@given(st.lists(st.tuples(st.sampled_from(['"a"', '"\\u0061"', '"\\\\"', '"b:"']), PIECES)))
def test_agrees_with_a_slow_reader_on_objects(pairs: list[tuple[str, str]]) -> None:
    text = "[{" + ",".join(f"{key}: {value}" for key, value in pairs) + "}]"
    assert outcome(lambda: read(text.encode())) == outcome(lambda: slow_read(text))


@given(values)
def test_read_undoes_write(value: Json) -> None:
    assert typed(read(write(value))) == typed(value)


@given(st.binary())
def test_hostile_bytes_are_malformed_and_nothing_worse(data: bytes) -> None:
    outcome(lambda: read(data))


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        ('{"a": {"b": 1, "b": 1}}', "/a/b", '"b" is written twice'),
        ('{"a": 1, "\\u0061": 2}', "/a", '"a" is written twice'),
        ('[{"x/y~": 1, "x/y~": {"x": 1, "x": 2}}]', "/0/x~1y~0", "twice"),
        ('{"a": "\\u003a", "a": "::"}', "/a", "twice"),
        ('["\\\\", {"\\"": 1, "\\"": 2}]', '/1/"', "twice"),
        ('{"' + "k" * 500 + '": 1, "' + "k" * 500 + '": 1}', "/" + "k" * 500, "kkk..."),
        ('{"n": [1, -0]}', "/n/1", "write 0"),
        ("-0.0", "", "write 0"),
        ("[-0e9]", "/0", "write 0"),
        ("9007199254740992", "", "as a string"),
        ("[-9007199254740993]", "/0", "as a string"),
        ("9007199254740993.0", "", "as a string"),
        ("100000000000000000e1", "", "as a string"),
        ("1e999", "", "line 1, column 1"),
        ("1" * 5000, "", "infinity"),
        ('{"a":\n NaN}', "", "NaN or Infinity at line 2, column 2"),
        ("[-Infinity]", "", "NaN or Infinity"),
        ("", "", "empty"),
        (" \n", "", "empty"),
        ("\ufeff{}", "", "byte order mark"),
        ('{"a": 1}}', "", "line 1, column 9"),
        ("{}\0", "", "line 1, column 3"),
        ("[\n1,\n]", "", "line 2, column 2: trailing comma"),
        ('["üü", NaN]', "", "NaN or Infinity"),
        ('"\\ud800"', "", "surrogate"),
        ('"\\udc00\\ud800"', "", "surrogate"),
        ('"\n"', "", "control character"),
        ("{'a': 1}", "", "line 1, column 2"),
    ],
)
def test_a_refusal_says_what_and_where(text: str, path: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason) as caught:
        read(text.encode())
    assert caught.value.path == path


@pytest.mark.parametrize("data", [b'["\xff"]', b'"\xed\xa0\x80"', b'"\xc0\xaf"'])
def test_bytes_that_are_not_utf8_are_refused_with_their_place(data: bytes) -> None:
    with pytest.raises(Malformed, match=f"byte {data.index(0x22) + 1} is not UTF-8"):
        read(data)


def test_the_largest_exact_numbers_are_read() -> None:
    text = b"[9007199254740991, -9007199254740991, 1E30, 4.50, 2e-3, 5e-324, 0.0]"
    assert read(text) == [MAX_INTEGER, -MAX_INTEGER, 1e30, 4.5, 0.002, 5e-324, 0.0]


def test_punctuation_inside_strings_is_no_punctuation() -> None:
    assert read(rb'{"a\\": ":", "b\\\"": 2, "\"": [",:", "[[{", "\\"]}') == {
        "a\\": ":",
        'b\\"': 2,
        '"': [",:", "[[{", "\\"],
    }


def test_digits_inside_strings_are_no_numbers() -> None:
    assert read(b'{"-0": "99999999999999999999 NaN", "a\\"b:": "-0"}')


@pytest.mark.timed
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[" * 10_000, "nested more than 64"),
        (b'{"a":' * 10_000, "nested more than 64"),
        (b"[" * 10_000 + b"]" * 10_000, "nested more than 64"),
        (b"]" * 4_000_000, "line 1, column 1"),
        (b"[" + b"0," * 100_000 + b"0]", "100002 values"),
        (b" " * 10_000_000, "at most 4194304"),
        (b'"\\' * 2_000_000, "not JSON"),
    ],
    ids=["arrays", "objects", "closed", "closers", "values", "bytes", "backslashes"],
)
def test_excess_is_refused_at_once(data: bytes, reason: str) -> None:
    def refused() -> None:
        with pytest.raises(Malformed, match=reason):
            read(data)

    took_at_most(1, refused)  # typically 0.02 s


def test_limits_are_exact() -> None:
    limits = Limits(max_bytes=20, max_depth=2, max_values=4)
    assert read(b'[["[["], {}]', limits) == [["[["], {}]
    assert read(b'"' + b"x" * 18 + b'"', limits)
    for beyond in (b'["[["], {}, 1]', b"[[[]]]", b'"' + b"x" * 19 + b'"', b'{"a":[1,2],"b":3}'):
        with pytest.raises(Malformed):
            read(beyond, limits)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": [1, math.nan]}, "/a/1"),
        ([math.inf], "/0"),
        ({"a/b": -0.0}, "/a~1b"),
        (1e17, ""),
        (2**53, ""),
        ("\ud800", ""),
        ({"\ud800": 1}, ""),
    ],
)
def test_what_read_refuses_is_not_written(value: Json, path: str) -> None:
    with pytest.raises(Malformed) as caught:
        write(value)
    assert caught.value.path == path


def test_a_cycle_is_not_written() -> None:
    cycle: list[Json] = []
    cycle.append(cycle)
    with pytest.raises(Malformed):
        write(cycle)


def test_writes_without_spaces_and_keeps_the_order() -> None:
    assert write({"b": [1, 2.5, True], "a": "é"}) == '{"b":[1,2.5,true],"a":"é"}'.encode()
