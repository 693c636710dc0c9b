"""The one question asked of a file: which credentials, or links to one, does it carry.

A format is read by its own module, imported only when a file of that kind comes: verifying JSON
imports neither a PDF parser nor an image decoder.
"""

from dataclasses import dataclass, field

from cairn.core.containers import png, svg, text
from cairn.core.containers.carriers import CARRIERS
from cairn.core.containers.display import shown
from cairn.core.containers.links import MAX_LINKS, chosen, is_link, links_in
from cairn.core.containers.recognise import Kind, kind_of
from cairn.core.errors import Malformed, Unobtainable

_CONTEXT = b'"@context"'  # every credential of this field's standards has it, written so


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost; each module has further bounds for its own format."""

    max_bytes: int = 16 * 2**20  # an archive may be larger: `zip.members`
    max_credentials: int = 16
    max_links: int = MAX_LINKS


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Found:
    """A credential as it stood in the file: JSON or a token; and in which part of the file."""

    payload: bytes
    where: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a file carries.

    `links` come from QR codes, link annotations and text, and are sought only where no credential
    is; a badge of before 2013 is nothing but a link.  `problems` are parts that were not read.
    """

    kind: Kind
    credentials: tuple[Found, ...] = ()
    links: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class _Gathering:
    """What was found so far."""

    credentials: list[Found] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.credentials and not self.links

    def add(self, payload: bytes, where: str) -> None:
        """Add a payload from a place where only a credential, or a link to one, belongs."""
        content = payload.strip()
        plain = content.decode("ascii", "replace")
        if content.startswith(b"{") or text.is_token(plain):
            self.credentials.append(Found(content, where))
        elif is_link(plain):
            self.links.append(plain)
        else:
            self.problems.append(f"{where}: neither JSON, nor a token, nor a link")


def find(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Findings:
    """The credentials in `data`, else the links; JSON and tokens pass straight through.

    The members of a ZIP archive are files of their own: `zip.members`.  Raises `Malformed` if the
    place where a credential would be cannot be read, or the file is over a bound.
    """
    if len(data) > limits.max_bytes:
        raise Malformed(f"a file of {len(data)} bytes; at most {limits.max_bytes} are read")
    kind = kind_of(data)
    gathering = _Gathering()
    match kind:
        case Kind.JSON:
            gathering.credentials.append(Found(data, "the file"))
        case Kind.TEXT:
            _gather_text(data, gathering)
        case Kind.PNG:
            _gather_png(data, gathering)
            _gather_codes(data, kind, gathering)
        case Kind.SVG:
            _gather_svg(data, gathering)
        case Kind.JPEG | Kind.WEBP | Kind.GIF:
            _gather_codes(data, kind, gathering)
        case Kind.PDF:
            _gather_pdf(data, gathering)
        case Kind.ZIP:
            gathering.problems.append("an archive; its members are files of their own")
        case Kind.UNKNOWN:
            gathering.problems.append("neither an image, a document, an archive nor text")
    return Findings(
        kind,
        tuple(gathering.credentials[: limits.max_credentials]),
        chosen(gathering.links)[: limits.max_links],
        tuple(gathering.problems),
    )


def _gather_text(data: bytes, gathering: _Gathering) -> None:
    content = text.text_of(data)
    for token in text.tokens_in(content):
        gathering.add(token.encode(), "token in the text")
    if not gathering.credentials:
        for candidate in text.objects_in(content):
            payload = candidate.encode("utf-8", "replace")
            if _CONTEXT in payload:
                gathering.add(payload, "JSON in the text")
    if not gathering.credentials:
        gathering.links.extend(links_in(content))


def _gather_png(data: bytes, gathering: _Gathering, place: str = "") -> None:
    baked = png.unbake(data)
    for carrier in CARRIERS:
        if carrier in baked:
            gathering.add(baked[carrier], f"{place}PNG chunk {carrier.keyword.decode()}")


def _gather_svg(data: bytes, gathering: _Gathering, place: str = "") -> None:
    for baked in svg.unbake(data):
        payload = baked.body or baked.verify
        gathering.add(payload.encode(), f"{place}SVG element openbadges:{baked.carrier.element}")


def _gather_codes(data: bytes, kind: Kind, gathering: _Gathering) -> None:
    """Look for QR codes, where nothing better was found."""
    if not gathering.is_empty:
        return
    from cairn.core.containers import qr

    try:
        codes = qr.codes_in(data, kind)
    except (Malformed, Unobtainable) as err:
        gathering.problems.append(str(err))
        return
    for code in codes:
        if is_link(code):
            gathering.links.append(code)
        elif text.is_token(code) or _CONTEXT in code.encode("utf-8", "replace"):
            gathering.add(code.encode("utf-8", "replace"), "QR code")


def _gather_pdf(data: bytes, gathering: _Gathering) -> None:
    from cairn.core.containers import pdf, pdf_images

    contents = pdf.contents(data)
    gathering.problems.extend(contents.problems)
    for attachment in contents.attachments:
        _gather_attachment(attachment.data, f"attachment {attachment.name}", gathering)
    if not gathering.is_empty:
        return
    pictures = _Gathering()
    for picture in pdf_images.images(data):
        _gather_codes(picture, kind_of(picture), pictures)
    gathering.credentials.extend(pictures.credentials)
    gathering.links.extend((*pictures.links, *contents.links))
    gathering.problems.extend(dict.fromkeys(pictures.problems))


def _gather_attachment(data: bytes, place: str, gathering: _Gathering) -> None:
    """Look into one attachment; what is no credential at all is passed over."""
    kind = kind_of(data)
    try:
        if kind is Kind.JSON and _CONTEXT in data:
            gathering.add(data, place)
        elif kind is Kind.TEXT and text.is_token(text.text_of(data).strip()):
            gathering.add(text.text_of(data).encode(), place)
        elif kind is Kind.PNG:
            _gather_png(data, gathering, f"{place}, ")
        elif kind is Kind.SVG:
            _gather_svg(data, gathering, f"{place}, ")
    except Malformed as err:
        gathering.problems.append(f"{place}: {shown(str(err))}")
