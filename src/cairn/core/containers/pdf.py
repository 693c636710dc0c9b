"""Credentials and links in PDF documents: attached files, link annotations, pictures.

Source: ISO 32000-2, sections 7.11.4 (embedded files), 14.13 (associated files), 12.5.6.5 (links)
and 8.9.5 (images).  The text on the pages is not read.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, StreamObject

from cairn.core.containers.display import shown
from cairn.core.containers.links import chosen
from cairn.core.containers.pdf_reader import (
    TRIPS,
    BoundedReader,
    OverBound,
    array,
    dictionary,
    opened,
    pages,
    resolved,
    stream_bytes,
)
from cairn.core.errors import Malformed

MAX_ATTACHMENTS = 100
MAX_ATTACHED_BYTES = 32 * 2**20  # inflated, all together; each up to MAX_INFLATED_BYTES
MAX_NAME_NODES = 1_000  # of the tree of attachment names
MAX_ANNOTATIONS = 2_000


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in the document; `name` is fit to be shown."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What a document carries besides its pages."""

    attachments: tuple[Attachment, ...]
    links: tuple[str, ...]
    problems: tuple[str, ...]  # attachments that could not be read


def contents(pdf: bytes) -> Contents:
    """The attachments and links of a document.

    Raises `Malformed` if it is damaged, over a bound or protected with a password.
    """
    with opened(pdf) as reader:
        specifications = dict(_file_specifications(reader))
        attachments, problems = _attachments(specifications.values())
        links = chosen(_links(reader))
    return Contents(attachments, links, problems)


def attach(pdf: bytes, name: str, data: bytes) -> bytes:
    """`pdf` with `data` attached under `name`, for documents of our own making.

    Raises `Malformed` if the document cannot be read.
    """
    try:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    except TRIPS as err:
        raise Malformed(f"the PDF document cannot be read: {err}") from err
    writer.add_attachment(name, data)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _file_specifications(reader: BoundedReader) -> Iterator[tuple[int, DictionaryObject]]:
    """Every file specification by identity: named, associated, or pinned to a page."""
    root = reader.root_object
    names = dictionary(root.get("/Names"))
    values = [*_name_tree(names.get("/EmbeddedFiles")), *array(root.get("/AF"))]
    for page in pages(reader):
        values += array(page.get("/AF"))
    values += [
        note.get("/FS")
        for note in _annotations(reader)
        if note.get("/Subtype") == "/FileAttachment"
    ]
    for value in values:
        specification = dictionary(value)
        if specification:
            yield id(specification), specification


def _name_tree(root: object) -> Iterator[object]:
    """The values of a name tree."""
    stack = [root]
    nodes = 0
    while stack:
        nodes += 1
        if nodes > MAX_NAME_NODES:
            raise OverBound(f"its list of attachments has more than {MAX_NAME_NODES} nodes")
        node = dictionary(stack.pop())
        stack.extend(reversed(array(node.get("/Kids"))))
        yield from array(node.get("/Names"))[1::2]


def _attachments(
    specifications: Iterable[DictionaryObject],
) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    found: dict[int, Attachment] = {}
    problems = []
    left = MAX_ATTACHED_BYTES
    for specification in specifications:
        streams = dictionary(specification.get("/EF"))
        stream = resolved(streams.get("/UF") or streams.get("/F"))
        if not isinstance(stream, StreamObject) or id(stream) in found:
            continue
        name = shown(str(resolved(specification.get("/UF") or specification.get("/F") or "")))
        if len(found) == MAX_ATTACHMENTS:
            problems.append(f"only the first {MAX_ATTACHMENTS} attachments were looked at")
            break
        try:
            data = stream_bytes(stream)
        except (Malformed, *TRIPS) as err:
            if isinstance(err, OverBound):
                raise
            problems.append(f"attachment {name}: {shown(str(err))}")
            continue
        left -= len(data)
        if left < 0:
            problems.append(f"the attachments are over {MAX_ATTACHED_BYTES} bytes together")
            break
        found[id(stream)] = Attachment(name, data)
    return tuple(found.values()), tuple(problems)


def _annotations(reader: BoundedReader) -> Iterator[DictionaryObject]:
    count = 0
    for page in pages(reader):
        for value in array(page.get("/Annots")):
            count += 1
            if count > MAX_ANNOTATIONS:
                return
            annotation = dictionary(value)
            if annotation:
                yield annotation


def _links(reader: BoundedReader) -> Iterator[str]:
    for annotation in _annotations(reader):
        action = dictionary(annotation.get("/A"))
        if annotation.get("/Subtype") == "/Link" and action and action.get("/S") == "/URI":
            target = resolved(action.get("/URI"))
            yield target.decode("latin-1") if isinstance(target, bytes) else str(target)
