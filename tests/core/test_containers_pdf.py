"""PDF documents: attachments, links and pictures in them, attacks."""

import contextlib
import io
import logging
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    StreamObject,
)

from cairn.core.containers import pdf, pdf_images, pdf_reader
from cairn.core.containers.recognise import Kind, kind_of
from cairn.core.errors import Malformed
from tests.core.container_files import (
    CREDENTIAL,
    LINK,
    dictionary_of,
    pdf_document,
    pdf_with_image,
    qr_image,
    raw_pdf,
    saved,
    stream_of,
    within_a_second,
    within_memory,
    written,
)

pytestmark = pytest.mark.timed

DOCUMENT = pdf_document()
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
NO_PAGES = b"<< /Type /Pages /Kids [] /Count 0 >>"


def attached(data: bytes) -> dict[str, bytes]:
    return {it.name: it.data for it in pdf.contents(data).attachments}


@given(st.binary(max_size=200), st.text("abc.é", min_size=1, max_size=9))
@settings(max_examples=20)
def test_what_is_attached_is_found(data: bytes, name: str) -> None:
    assert attached(pdf.attach(DOCUMENT, name, data)) == {name: data}


def test_attaching_keeps_what_was_attached() -> None:
    document = pdf.attach(pdf.attach(DOCUMENT, "a", b"1"), "b", b"2")
    assert attached(document) == {"a": b"1", "b": b"2"}
    assert {
        name: list(data) for name, data in PdfReader(io.BytesIO(document)).attachments.items()
    } == {
        "a": [b"1"],
        "b": [b"2"],
    }


def test_a_compressed_document_is_read() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_document(("a.json", CREDENTIAL), links=(LINK,))))
    writer.compress_identical_objects()
    for item in writer._objects:
        if isinstance(item, StreamObject) and not isinstance(item, EncodedStreamObject):
            assert item.flate_encode().get_data() == item.get_data()
    assert attached(written(writer)) == {"a.json": CREDENTIAL}


def _specification(writer: PdfWriter, name: str, stream: StreamObject) -> DictionaryObject:
    reference = writer._add_object(stream)
    files = DictionaryObject({NameObject("/F"): reference})
    return dictionary_of(Type="/Filespec", UF=name, EF=files)


def test_files_associated_with_the_document_or_a_page_or_pinned_to_it_are_found() -> None:
    writer = PdfWriter()
    page = writer.add_blank_page(9, 9)
    root = writer.root_object
    root[NameObject("/AF")] = ArrayObject([_specification(writer, "whole", stream_of(b"1"))])
    page[NameObject("/AF")] = ArrayObject([_specification(writer, "page", stream_of(b"2"))])
    note = dictionary_of(
        Type="/Annot", Subtype="/FileAttachment", FS=_specification(writer, "pin", stream_of(b"3"))
    )
    page[NameObject("/Annots")] = ArrayObject([note])
    assert attached(written(writer)) == {"whole": b"1", "page": b"2", "pin": b"3"}


def test_a_file_named_in_two_places_is_found_once() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_document(("a.json", CREDENTIAL))))
    names = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"]  # type: ignore[index]
    writer.root_object[NameObject("/AF")] = ArrayObject([names[1]])
    assert len(pdf.contents(written(writer)).attachments) == 1


def test_a_deflated_attachment_is_read_and_a_filter_of_two_steps_too() -> None:
    writer = PdfWriter()
    writer.add_blank_page(9, 9)
    once = stream_of(CREDENTIAL).flate_encode()
    twice = stream_of(CREDENTIAL).flate_encode().flate_encode()
    writer.root_object[NameObject("/AF")] = ArrayObject(
        [_specification(writer, "once", once), _specification(writer, "twice", twice)]
    )
    assert attached(written(writer)) == {"once": CREDENTIAL, "twice": CREDENTIAL}


def test_links_are_found_in_order_and_once() -> None:
    several = (
        "https://a.example/",
        "https://b.example/",
        "javascript:alert(1)",
        "https://a.example/",
    )
    assert pdf.contents(pdf_document(links=several)).links == several[:2]


def test_names_are_fit_to_be_shown() -> None:
    assert list(attached(pdf_document(("a\u202egnp.exe", b"1")))) == ["a\ufffdgnp.exe"]


def _encrypted(user: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_document(("a.json", CREDENTIAL))))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="AES-256")
    return written(writer)


def test_a_document_that_opens_without_a_password_is_read() -> None:
    assert attached(_encrypted("")) == {"a.json": CREDENTIAL}


def test_a_document_that_asks_for_a_password_says_so() -> None:
    with pytest.raises(Malformed, match="protected with a password"):
        pdf.contents(_encrypted("secret"))


def _flate(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        entries,
        len(packed),
        packed,
    )


def _attachment(stream: bytes) -> bytes:
    """A document with one attachment, given as it is written."""
    names = b"/Names << /EmbeddedFiles << /Names [(a) << /F (a) /EF << /F 3 0 R >> >>] >> >>"
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R %s >>" % names, NO_PAGES, stream)


def _object_streams(content: bytes, *offsets: int) -> bytes:
    """A document whose catalog (2) and further objects stand in an object stream."""
    numbers = [2, *range(4, 3 + len(offsets))] if offsets else [2]
    pairs = zip(numbers, offsets or (0,), strict=True)
    index = b"".join(b"%d %d " % pair for pair in pairs)
    packed = zlib.compress(index + content, 9)
    head = len(b"%PDF-1.7\n")
    body = b"%%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N %d /First %d /Length %d %s >>\n" % (
        len(numbers),
        len(index),
        len(packed),
        b"/Filter /FlateDecode",
    )
    body += b"stream\n" + packed + b"\nendstream\nendobj\n"
    entries = [(0, 0, 0), (1, head, 0), (2, 1, 0), (1, len(body), 0)]
    entries += [(2, 1, place) for place in range(1, len(numbers))]
    table = b"".join(
        bytes([kind]) + value.to_bytes(4) + place.to_bytes(2) for kind, value, place in entries
    )
    start = len(body)
    body += b"3 0 obj\n<< /Type /XRef /Size %d /W [1 4 2] /Root 2 0 R /Length %d >>\n" % (
        len(entries),
        len(table),
    )
    return body + b"stream\n" + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def _page_tree(depth: int) -> bytes:
    nodes = [
        b"<< /Type /Pages /Count 1 /Kids [%d 0 R %d 0 R] >>" % (n + 3, n + 3) for n in range(depth)
    ]
    return raw_pdf(CATALOG, *nodes, b"<< /Type /Page /Parent 2 0 R >>")


REFUSED = {
    "header_only": (b"%PDF-1.7", "cut short"),
    "cut_in_the_middle": (DOCUMENT[: len(DOCUMENT) // 3], "cut short"),
    "end_mark_far_from_its_table": (
        DOCUMENT.replace(b"%%EOF", b" " * 15_000_000 + b"%%EOF"),
        "cut short",
    ),
    "no_catalog": (raw_pdf(b"<< /Type /Nothing >>"), "cannot be read"),
    "catalog_is_itself": (raw_pdf(b"1 0 R"), "cannot be read"),
    "object_stream_bomb": (_object_streams(b" " * 200 * 2**20), "more than"),
    "object_stream_of_numbers": (
        _object_streams(b"<< /a [" + (b"[" + b"0 " * 90_000 + b"]") * 20 + b"] >>"),
        "too much work|cannot be read",
    ),
    "object_stream_of_objects_inside_one_another": (
        _object_streams(
            b"<< /Type /Catalog /Pages 4 0 R /AF [%s] >> "
            % b" ".join(b"%d 0 R" % n for n in range(5, 300))
            + b"[" * 300
            + b"0 " * 9_000
            + b"]" * 300,
            0,
            *range(2_400, 2_690),
        ),
        "cannot be read",
    ),
    "object_stream_out_of_order": (_object_streams(b"<< >> << >>", 6, 0), "in order"),
    "object_stream_with_two_objects_in_one_place": (_object_streams(b"<< >>", 0, 0), "in order"),
    "object_stream_without_a_start": (
        _object_streams(b"<< >>").replace(b"/First", b"/Worst"),
        "where its objects start",
    ),
    "object_stream_that_starts_behind_its_end": (
        _object_streams(b"<< >>").replace(b"/First 4", b"/First 9999"),
        "cannot be read",
    ),
    "object_stream_of_another_type": (
        _object_streams(b"<< >>").replace(b"/ObjStm", b"/Other_"),
        "no object stream",
    ),
    "missing_objects_by_the_thousand": (
        raw_pdf(
            CATALOG,
            b"<< /Type /Pages /Kids [%s] >>" % b" ".join(b"%d 0 R" % n for n in range(9, 3000)),
            b"(" + b"x" * 4_000_000 + b")",
        ),
        "complicated",
    ),
    "page_tree_in_a_circle": (
        raw_pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] >>"),
        "complicated|cannot be read",
    ),
    "names_in_a_circle": (
        raw_pdf(
            b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 3 0 R >> >>",
            NO_PAGES,
            b"<< /Kids [3 0 R 3 0 R] >>",
        ),
        "list of attachments",
    ),
    "arrays_nested_deeply": (
        raw_pdf(CATALOG, b"<< /Kids " + b"[" * 100_000 + b"]" * 100_000 + b" >>"),
        "cannot be read|complicated",
    ),
    "unknown_encryption": (
        raw_pdf(b"<< /Type /Catalog >>").replace(
            b"/Size", b"/Encrypt << /Filter /Foo /V 9 >> /Size"
        ),
        "cannot be read|password",
    ),
}


@pytest.mark.parametrize("attack", REFUSED)
def test_refuses(attack: str) -> None:
    data, reason = REFUSED[attack]
    with within_a_second(), pytest.raises(Malformed, match=reason):
        pdf.contents(data)


UNREAD_ATTACHMENTS = {
    "attachment_bomb": _attachment(_flate(bytes(200 * 2**20))),
    "attachment_bomb_in_two_layers": _attachment(
        _flate(zlib.compress(bytes(200 * 2**20), 9)).replace(
            b"/FlateDecode", b"[/FlateDecode /FlateDecode]"
        )
    ),
    "attachment_bomb_by_run_length": _attachment(
        _flate(b"\x81x" * 4_000_000).replace(b"/FlateDecode", b"[/FlateDecode /RunLengthDecode]")
    ),
    "attachment_with_hundreds_of_filters": _attachment(
        _flate(b"x").replace(b"/FlateDecode", b"[" + b"/FlateDecode " * 300 + b"]")
    ),
    "attachment_cut_short": _attachment(
        b"<< /Filter /FlateDecode /Length 5 >>\nstream\n"
        + zlib.compress(b"abc")[:5]
        + b"\nendstream"
    ),
    "attachment_not_deflated": _attachment(
        b"<< /Filter /FlateDecode /Length 3 >>\nstream\nabc\nendstream"
    ),
    "attachment_by_an_outside_program": _attachment(
        b"<< /Filter /JBIG2Decode /Length 3 >>\nstream\nabc\nendstream"
    ),
}


@pytest.mark.parametrize("attack", UNREAD_ATTACHMENTS)
def test_an_attachment_that_cannot_be_read_is_a_problem(attack: str) -> None:
    with within_a_second():
        contents = pdf.contents(UNREAD_ATTACHMENTS[attack])
    assert contents.attachments == ()
    assert contents.problems[0].startswith("attachment a: ")


HARMLESS = {
    "xref_table_in_a_circle": raw_pdf(CATALOG, NO_PAGES).replace(
        b"/Size", b"/Prev %d /Size" % raw_pdf(CATALOG, NO_PAGES).find(b"xref")
    ),
    "attachment_is_not_a_stream": _attachment(b"(text)"),
    "attachment_in_a_file_elsewhere": raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AF [<< /F (/etc/passwd) /FS /URL >>] >>", NO_PAGES
    ),
    "script_on_opening": raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>",
        NO_PAGES,
    ),
    "program_on_opening": raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (cmd.exe) >> >>", NO_PAGES
    ),
    "page_tree_is_text": raw_pdf(b"<< /Type /Catalog /Pages (x) >>"),
    "annotations_of_every_sort": raw_pdf(
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Annots [1 (x) null [] << >> << /Subtype /Link /A 7 >> "
        b"<< /Subtype /Link /A << /S /URI >> >> << /Subtype /Link /A << /S /URI /URI [] >> >>] >>",
    ),
}


@pytest.mark.parametrize("form", HARMLESS)
def test_reads_past(form: str) -> None:
    with within_a_second():
        contents = pdf.contents(HARMLESS[form])
    assert (contents.attachments, contents.links) == ((), ())


def test_a_tree_that_doubles_at_each_level_stops_at_the_bounds() -> None:
    with within_a_second():
        assert pdf.contents(_page_tree(60)).attachments == ()


def test_dictionaries_nested_deeply_cost_little() -> None:
    nested = raw_pdf(CATALOG, b"<< /Kids " + b"<< /a " * 50_000 + b">>" * 50_001)
    with within_a_second(), contextlib.suppress(Malformed):
        assert pdf.contents(nested).attachments == ()


@given(st.binary(max_size=60), st.integers(0, len(DOCUMENT)), st.integers(0, 60))
def test_arbitrary_bytes_are_malformed_or_hold_nothing(junk: bytes, at: int, cut: int) -> None:
    document = pdf_document(links=(LINK,))
    for data in (b"%PDF-1.7\n" + junk, document[:at] + junk + document[at + cut :]):
        with contextlib.suppress(Malformed):
            assert pdf.contents(data).attachments == ()
            pdf_images.images(data)


def test_a_strangers_words_are_not_logged(capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("pypdf").handlers.clear()
    with pytest.raises(Malformed):
        pdf.contents(b"%PDF-1.7\n1 0 obj\n(evil)\nendobj\nstartxref\n7\n%%EOF\n")
    assert capfd.readouterr() == ("", "")


def test_as_large_a_document_as_the_bound_and_one_more() -> None:
    most = DOCUMENT + b" " * (pdf_reader.MAX_BYTES - len(DOCUMENT))
    with within_a_second():
        assert pdf.contents(most).attachments == ()
    with pytest.raises(Malformed, match="at most"):
        pdf.contents(most + b"\n")


@pytest.mark.parametrize("pack", [stream_of, lambda data: stream_of(data).flate_encode()])
def test_as_large_an_attachment_as_the_bound_and_one_more(
    pack: Callable[[bytes], StreamObject],
) -> None:
    def contents(data: bytes) -> pdf.Contents:
        writer = PdfWriter()
        writer.add_blank_page(9, 9)
        specification = _specification(writer, "a", pack(data))
        writer.root_object[NameObject("/AF")] = ArrayObject([specification])
        return pdf.contents(written(writer))

    most = bytes(pdf_reader.MAX_INFLATED_BYTES)
    assert contents(most).attachments[0].data == most
    assert "more than" in contents(most + b"x").problems[0]


def test_as_many_attachments_as_the_bound_and_one_more() -> None:
    def contents(count: int) -> pdf.Contents:
        return pdf.contents(pdf_document(*((f"{n:03}", b"%d" % n) for n in range(count))))

    most = contents(pdf.MAX_ATTACHMENTS)
    assert (len(most.attachments), most.problems) == (pdf.MAX_ATTACHMENTS, ())
    more = contents(pdf.MAX_ATTACHMENTS + 1)
    assert (len(more.attachments), len(more.problems)) == (pdf.MAX_ATTACHMENTS, 1)


def test_as_many_bytes_attached_as_the_bound_and_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    document = pdf_document(("a", bytes(50)), ("b", bytes(50)))
    monkeypatch.setattr(pdf, "MAX_ATTACHED_BYTES", 100)
    assert len(pdf.contents(document).attachments) == 2
    monkeypatch.setattr(pdf, "MAX_ATTACHED_BYTES", 99)
    assert len(pdf.contents(document).attachments) == 1
    assert "together" in pdf.contents(document).problems[0]


def test_as_far_an_end_mark_as_the_bound_and_one_more() -> None:
    start = DOCUMENT.rindex(b"startxref")
    room = pdf_reader.MAX_END_BYTES - len(DOCUMENT[start:].strip())

    def document(zeros: int) -> bytes:
        return DOCUMENT.replace(b"startxref\n", b"startxref\n" + b"0" * zeros)

    assert pdf.contents(document(room)).attachments == ()
    with pytest.raises(Malformed, match="cut short"):
        pdf.contents(document(room + 1))


def test_as_many_pages_as_the_bound_and_one_more() -> None:
    def document(page: int) -> bytes:
        writer = PdfWriter()
        for _ in range(page):
            writer.add_blank_page(9, 9)
        writer.add_annotation(page - 1, Link(rect=(0, 0, 1, 1), url=LINK))
        return written(writer)

    assert pdf.contents(document(pdf_reader.MAX_PAGES)).links == (LINK,)
    assert pdf.contents(document(pdf_reader.MAX_PAGES + 1)).links == ()


def test_as_many_annotations_as_the_bound_and_one_more() -> None:
    def contents(before: int) -> pdf.Contents:
        link = b"<< /Subtype /Link /A << /S /URI /URI (%s) >> >>" % LINK.encode()
        page = b"<< /Type /Page /Annots [%s %s] >>" % (b"<< /a 1 >> " * before, link)
        return pdf.contents(raw_pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] >>", page))

    assert contents(pdf.MAX_ANNOTATIONS - 1).links == (LINK,)
    assert contents(pdf.MAX_ANNOTATIONS).links == ()


def test_as_many_nodes_of_names_as_the_bound_and_one_more() -> None:
    def document(nodes: int) -> bytes:
        kids = b"<< /Names [] >> " * (nodes - 1)
        names = b"/Names << /EmbeddedFiles << /Kids [%s] >> >>" % kids
        return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R %s >>" % names, NO_PAGES)

    assert pdf.contents(document(pdf.MAX_NAME_NODES)).attachments == ()
    with pytest.raises(Malformed, match="list of attachments"):
        pdf.contents(document(pdf.MAX_NAME_NODES + 1))


def test_as_many_nodes_of_pages_as_the_bound_and_one_more() -> None:
    def document(nodes: int) -> bytes:
        kids = b"null " * (nodes - 1)
        return raw_pdf(CATALOG, b"<< /Type /Pages /Kids [%s] >>" % kids)

    assert pdf.contents(document(pdf_reader.MAX_PAGE_NODES)).links == ()
    with pytest.raises(Malformed, match="page tree"):
        pdf.contents(document(pdf_reader.MAX_PAGE_NODES + 1))


@pytest.mark.parametrize(
    ("bound", "enough", "reason"),
    [
        ("MAX_OBJECTS", 1_000, "objects would have to be read"),
        ("MAX_READ_BYTES", 10_000_000, "too much work"),
    ],
)
def test_work_is_counted(
    bound: str, enough: int, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = pdf_document(("a.json", CREDENTIAL), links=(LINK,), pages=9)
    for most in (enough, 10):
        monkeypatch.setattr(pdf_reader, bound, most)
        if most == enough:
            assert pdf.contents(document).links == (LINK,)
        else:
            with pytest.raises(Malformed, match=reason):
                pdf.contents(document)


def test_objects_are_read_from_an_object_stream() -> None:
    catalog = b"<< /Type /Catalog /Pages 4 0 R >> "
    page = b"<< /Type /Page /Annots [ 5 0 R ] >> "
    note = b"<< /Subtype /Link /A << /S /URI /URI (%s) >> >>" % LINK.encode()
    document = _object_streams(catalog + page + note, 0, len(catalog), len(catalog + page))
    assert pdf.contents(document).links == (LINK,)


def test_object_streams_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    content = CATALOG.replace(b"2 0 R", b"null")
    document = _object_streams(content)
    monkeypatch.setattr(pdf_reader, "MAX_OBJECT_STREAM_BYTES", len(b"2 0 " + content))
    assert pdf.contents(document).attachments == ()
    monkeypatch.setattr(pdf_reader, "MAX_OBJECT_STREAM_BYTES", len(b"2 0 " + content) - 1)
    with pytest.raises(Malformed, match="inflate to more"):
        pdf.contents(document)


def test_nothing_is_changed_for_other_users_of_the_library() -> None:
    from pypdf import get_configuration

    before = get_configuration()
    pdf.contents(DOCUMENT)
    assert get_configuration() is before


# Pictures


def _picture(data: bytes, **entries: object) -> StreamObject:
    width, height = qr_image().size
    common = {"Subtype": "/Image", "Width": width, "Height": height, "BitsPerComponent": 8}
    stream = EncodedStreamObject()
    stream._data = data
    stream.update(dictionary_of(**{**common, "Filter": "/FlateDecode", **entries}))
    return stream


def _samples(mode: str) -> bytes:
    return zlib.compress(qr_image().convert(mode).tobytes())


def _predicted() -> bytes:
    """The pixels as a PNG has them."""
    image = saved(qr_image(), "PNG")
    start = image.index(b"IDAT")
    return image[start + 4 : start + 4 + int.from_bytes(image[start - 4 : start])]


WIDTH, HEIGHT = qr_image().size
PICTURES = {
    "grey": _picture(_samples("L"), ColorSpace="/DeviceGray"),
    "colour": _picture(_samples("RGB"), ColorSpace="/DeviceRGB"),
    "one_bit": _picture(_samples("1"), ColorSpace="/DeviceGray", BitsPerComponent=1),
    "mask": _picture(_samples("1"), ImageMask=1, BitsPerComponent=1),
    "by_profile": _picture(_samples("RGB"), ColorSpace=["/ICCBased", stream_of(b"", N=3)]),
    "palette": _picture(
        zlib.compress(bytes(b & 1 for b in qr_image().tobytes())),
        ColorSpace=["/Indexed", "/DeviceRGB", 1, stream_of(bytes(3) + b"\xff" * 3)],
    ),
    "predicted": _picture(
        _predicted(),
        ColorSpace="/DeviceGray",
        DecodeParms=dictionary_of(Predictor=15, Columns=WIDTH),
    ),
    "predicted_in_a_list": _picture(
        _predicted(),
        ColorSpace="/DeviceGray",
        Filter=["/FlateDecode"],
        DecodeParms=[dictionary_of(Predictor=15, Columns=WIDTH)],
    ),
    "jpeg": _picture(saved(qr_image(), "JPEG"), ColorSpace="/DeviceGray", Filter="/DCTDecode"),
}


@pytest.mark.parametrize("form", PICTURES)
def test_pictures_come_out_as_files_of_their_own(form: str) -> None:
    (file,) = pdf_images.images(pdf_with_image(PICTURES[form]))
    assert kind_of(file) is (Kind.JPEG if form == "jpeg" else Kind.PNG)
    picture = Image.open(io.BytesIO(file)).convert("L")
    assert picture.size == (WIDTH, HEIGHT)
    assert (
        picture.resize((33, 33)).point(lambda p: 255 * (p > 127)).tobytes()
        == qr_image().resize((33, 33)).point(lambda p: 255 * (p > 127)).tobytes()
    )


def test_pictures_that_a_printing_program_wraps_are_found() -> None:
    form = stream_of(
        b"", Subtype="/Form", Resources=dictionary_of(XObject=dictionary_of(I=PICTURES["grey"]))
    )
    assert len(pdf_images.images(pdf_with_image(form))) == 1


def test_the_mask_of_a_picture_is_a_picture_too() -> None:
    black = _picture(zlib.compress(bytes(WIDTH * HEIGHT)), ColorSpace="/DeviceGray")
    black[NameObject("/SMask")] = PICTURES["grey"]
    assert len(pdf_images.images(pdf_with_image(black))) == 2


LEFT_OUT = {
    "four_colours": _picture(_samples("CMYK"), ColorSpace="/DeviceCMYK"),
    "no_colours": _picture(_samples("L")),
    "jpeg_2000": _picture(b"x", Filter="/JPXDecode"),
    "jpeg_without_size": _picture(b"\xff\xd8\xff\xd9", Filter="/DCTDecode"),
    "fax": _picture(b"x", Filter="/CCITTFaxDecode"),
    "outside_program": _picture(b"x", Filter="/JBIG2Decode"),
    "tiff_predictor": _picture(
        _samples("L"), ColorSpace="/DeviceGray", DecodeParms=dictionary_of(Predictor=2)
    ),
    "sixteen_bits": _picture(_samples("L"), ColorSpace="/DeviceGray", BitsPerComponent=16),
    "cut_short": _picture(_samples("L")[:-9], ColorSpace="/DeviceGray"),
    "not_deflated": _picture(b"abc", ColorSpace="/DeviceGray"),
    "negative_size": _picture(_samples("L"), ColorSpace="/DeviceGray", Width=-3, Height=-3),
    "no_size": _picture(_samples("L"), ColorSpace="/DeviceGray", Width="/x"),
    "sixty_thousand_squared": _picture(
        _samples("L"), ColorSpace="/DeviceGray", Width=60_000, Height=60_000
    ),
    "palette_of_nothing": _picture(
        _samples("L"), ColorSpace=["/Indexed", "/DeviceRGB", 1, stream_of(b"")]
    ),
}


@pytest.mark.parametrize("form", LEFT_OUT)
def test_pictures_that_are_left_out(form: str) -> None:
    with within_a_second():
        assert pdf_images.images(pdf_with_image(LEFT_OUT[form])) == ()


def test_a_picture_bomb_inflates_no_further_than_its_size() -> None:
    bomb = _picture(zlib.compress(bytes(100 * 2**20), 9), ColorSpace="/DeviceGray")
    document = pdf_with_image(bomb)
    with within_memory(4 * 2**20):
        (file,) = pdf_images.images(document)
    assert len(file) < 2 * WIDTH * HEIGHT


def _many_pictures(count: int) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(9, 9)
    images = DictionaryObject()
    for number in range(count):
        picture = _picture(_samples("L"), ColorSpace="/DeviceGray", Number=number)
        images[NameObject(f"/I{number}")] = writer._add_object(picture)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    return written(writer)


def test_as_many_pictures_as_the_bound_and_one_more() -> None:
    most = pdf_images.MAX_IMAGES
    assert len(pdf_images.images(_many_pictures(most - 1))) == most - 1
    assert len(pdf_images.images(_many_pictures(most + 1))) == most


def test_as_many_pixels_in_all_as_the_bound_and_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_images, "MAX_TOTAL_PIXELS", 3 * WIDTH * HEIGHT)
    assert len(pdf_images.images(_many_pictures(3))) == 3
    monkeypatch.setattr(pdf_images, "MAX_TOTAL_PIXELS", 3 * WIDTH * HEIGHT - 1)
    assert len(pdf_images.images(_many_pictures(3))) == 2


def test_pictures_are_looked_for_on_the_first_pages_only() -> None:
    def document(page: int) -> bytes:
        writer = PdfWriter()
        for _ in range(page - 1):
            writer.add_blank_page(9, 9)
        writer.append(io.BytesIO(pdf_with_image(PICTURES["grey"])))
        return written(writer)

    assert len(pdf_images.images(document(pdf_images.MAX_IMAGE_PAGES))) == 1
    assert pdf_images.images(document(pdf_images.MAX_IMAGE_PAGES + 1)) == ()


def test_as_many_pixels_as_the_bound_and_one_more() -> None:
    def picture(width: int, height: int) -> bytes:
        samples = zlib.compress(bytes(width // 8 * height), 1)
        return pdf_with_image(
            _picture(
                samples, ColorSpace="/DeviceGray", BitsPerComponent=1, Width=width, Height=height
            )
        )

    assert len(pdf_images.images(picture(4000, pdf_images.MAX_PIXELS // 4000))) == 1
    assert pdf_images.images(picture(4000, pdf_images.MAX_PIXELS // 4000 + 1)) == ()


def test_attaching_to_what_is_no_document_is_malformed() -> None:
    with pytest.raises(Malformed, match="cannot be read"):
        pdf.attach(b"%PDF-1.7", "a", b"1")
