"""Open Badges in SVG images: read the credential, or write one in.

Source: Open Badges 3.0, section 5.3.2.2; `carriers` has the names.  The image is parsed, never
drawn: scripts and outside references in it are neither run nor followed.  A document type may be
named, as older drawing programs do, but nothing may be declared in it.
"""

import re
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from cairn.core.containers.carriers import (
    CARRIERS,
    MAX_PAYLOAD_BYTES,
    OPEN_BADGES_3,
    Carrier,
    checked_payload,
)
from cairn.core.errors import Malformed

MAX_BYTES = 16 * 2**20
MAX_DEPTH = 256  # elements inside elements; drawing programs nest groups deeply
MAX_NODES = 100_000  # elements
SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_XML_SPACE = " \t\r\n"
_UTF_8 = (None, "utf-8")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TAG_END = re.compile(rb"(?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+>")  # no backtracking


@dataclass(frozen=True, slots=True)
class Baked:
    """What one carrier element holds, "" where it holds nothing of the sort."""

    carrier: Carrier
    body: str  # JSON
    verify: str  # a token, or (2.0) the URL of the assertion


@dataclass(slots=True)
class _Reading:
    """One pass over an image: what was met so far."""

    svg: bytes
    depth: int = 0
    nodes: int = 0
    root_name: str = ""
    root_start: int = 0
    encoding: str | None = None
    baked: list[Baked] = field(default_factory=list)
    spans: list[tuple[Carrier, int, int]] = field(default_factory=list)  # bytes of each element
    namespaces: dict[str | None, str] = field(default_factory=dict)  # declared on the root
    inside: Carrier | None = None
    _verify: str = ""
    _text: list[str] = field(default_factory=list)
    _text_bytes: int = 0
    _start: int = 0


def unbake(svg: bytes) -> tuple[Baked, ...]:
    """What is baked in, in document order, at most one a carrier.

    Raises `Malformed` for what is not XML, declares entities, is over a bound, or has two elements
    of one carrier.
    """
    reading = _read(svg)
    carriers = [baked.carrier for baked in reading.baked]
    for carrier in CARRIERS:
        if carriers.count(carrier) > 1:
            raise Malformed(
                f"the SVG image has two {carrier.element} elements of Open Badges; "
                "one of them may have been added to mislead"
            )
    return tuple(reading.baked)


def bake(svg: bytes, payload: bytes, carrier: Carrier = OPEN_BADGES_3) -> bytes:
    """`svg` with `payload` in it, in place of what `carrier` held.

    JSON goes into the element, a token into its `verify` attribute.  Besides the element only the
    root's start tag is touched, for the prefix `openbadges`.  Raises `Malformed` for an image that
    cannot be read or is not in UTF-8, and for text that XML cannot carry.
    """
    text = checked_payload(payload).decode()
    if bad := _NOT_XML.search(text):
        raise Malformed(f"XML cannot carry the character U+{ord(bad[0]):04X}")
    reading = _read(svg)
    if reading.encoding not in _UTF_8 or svg.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Malformed("only an SVG image in UTF-8 can be baked; save it so")
    for _, start, end in sorted(
        (span for span in reading.spans if span[0] == carrier), key=lambda span: -span[1]
    ):
        svg = svg[:start] + svg[end:]
    reading = _read(svg)
    start, end = reading.root_start, _tag_end(svg, reading.root_start)
    declaration = f' xmlns:openbadges="{carrier.namespace}"'
    bound = reading.namespaces.get("openbadges")
    on_root = declaration if bound is None else ""
    on_element = "" if bound in (None, carrier.namespace) else declaration
    element = _element(text, carrier, on_element).encode()
    tag = svg[start:end]
    if not tag.endswith(b"/>"):
        return svg[:start] + tag[:-1] + on_root.encode() + b">" + element + svg[end:]
    name = re.split(rb"[\s/>]", tag[1:], maxsplit=1)[0]
    opened = tag[:-2] + on_root.encode() + b">"
    return svg[:start] + opened + element + b"</" + name + b">" + svg[end:]


def _element(text: str, carrier: Carrier, declaration: str) -> str:
    name = f"openbadges:{carrier.element}"
    if not text.startswith("{"):
        return f"<{name}{declaration} verify={quoteattr(text)}></{name}>"
    # one section cannot hold its own end mark, nor keep a carriage return as it is
    body = text.replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    return f"<{name}{declaration}><![CDATA[{body}]]></{name}>"


def _tag_end(svg: bytes, start: int) -> int:
    """Where the start tag at `start` ends; a ">" in an attribute's value does not end it."""
    found = _TAG_END.match(svg, start)
    if not found:
        raise Malformed("the SVG image cannot be read in UTF-8; save it so")
    return found.end()


def _read(svg: bytes) -> _Reading:
    if len(svg) > MAX_BYTES:
        raise Malformed(f"an SVG image of {len(svg)} bytes; at most {MAX_BYTES} are read")
    reading = _Reading(svg)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.XmlDeclHandler = lambda _version, encoding, _alone: _declare(reading, encoding)
    parser.StartDoctypeDeclHandler = lambda *doctype: _doctype(has_subset=bool(doctype[3]))
    parser.EntityDeclHandler = lambda *_: _refuse_entities()
    parser.SkippedEntityHandler = lambda *_: _refuse_entities()
    parser.StartNamespaceDeclHandler = lambda prefix, uri: _bind(reading, prefix, uri)
    parser.StartElementHandler = lambda name, attributes: _start(
        reading, name, attributes, parser.CurrentByteIndex
    )
    parser.EndElementHandler = lambda _name: _end(reading, parser.CurrentByteIndex)
    parser.CharacterDataHandler = lambda text: _characters(reading, text)
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as err:
        where = f"line {err.lineno}, column {err.offset + 1}"
        raise Malformed(f"not XML at {where}: {expat.ErrorString(err.code)}") from err
    except Malformed:
        raise
    except (LookupError, ValueError) as err:  # an encoding that Python or expat does not know
        raise Malformed(f"the SVG image is in an encoding that is not read: {err}") from err
    return reading


def _declare(reading: _Reading, encoding: str | None) -> None:
    reading.encoding = encoding.lower() if encoding else None


def _doctype(*, has_subset: bool) -> None:
    if has_subset:
        _refuse_entities()


def _refuse_entities() -> NoReturn:
    raise Malformed("the SVG image declares or uses entities of its own; save it as plain SVG")


def _bind(reading: _Reading, prefix: str | None, uri: str | None) -> None:
    if reading.nodes == 0:  # reported before the element that declares it
        reading.namespaces[prefix] = uri or ""


def _start(reading: _Reading, name: str, attributes: dict[str, str], at: int) -> None:
    reading.nodes += 1
    reading.depth += 1
    if reading.nodes > MAX_NODES:
        raise Malformed(f"the SVG image has more than {MAX_NODES} elements")
    if reading.depth > MAX_DEPTH:
        raise Malformed(f"the SVG image nests elements more than {MAX_DEPTH} deep")
    namespace, _, local = name.rpartition(" ")
    if reading.nodes == 1:
        if local != "svg" or namespace not in (SVG_NAMESPACE, ""):
            raise Malformed(f"an SVG image starts with an svg element, not {local[:40]}")
        reading.root_start = at
    if reading.inside:
        raise Malformed("the credential in the SVG image has other elements inside it")
    for carrier in CARRIERS:
        if (namespace, local) == (carrier.namespace, carrier.element):
            reading.inside, reading._start = carrier, at
            reading._verify = attributes.get("verify", "").strip(_XML_SPACE)
            reading._text, reading._text_bytes = [], 0


def _characters(reading: _Reading, text: str) -> None:
    if reading.inside is None:
        return
    reading._text_bytes += len(text.encode())
    if reading._text_bytes > MAX_PAYLOAD_BYTES:
        raise Malformed(f"the credential in the SVG image is over {MAX_PAYLOAD_BYTES} bytes")
    reading._text.append(text)


def _end(reading: _Reading, at: int) -> None:
    reading.depth -= 1
    carrier = reading.inside
    if carrier is None:
        return
    body = "".join(reading._text).strip(_XML_SPACE)
    reading.baked.append(Baked(carrier, body, reading._verify))
    opened = _tag_end(reading.svg, reading._start) if _is_bytewise(reading) else at
    is_empty_tag = reading.svg[opened - 2 : opened] == b"/>"
    end = opened if is_empty_tag else reading.svg.find(b">", at) + 1
    reading.spans.append((carrier, reading._start, end))
    reading.inside = None


def _is_bytewise(reading: _Reading) -> bool:
    return not reading.svg.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" not in reading.svg[:4]
