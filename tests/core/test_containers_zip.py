"""ZIP archives: members, names, attacks."""

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.containers import zip as archives
from cairn.core.containers.zip import Problem, members
from cairn.core.errors import Malformed
from tests.core.container_files import CREDENTIAL, within_a_second, within_memory, zip_archive
from tests.timing import cpu_within

pytestmark = pytest.mark.timed

names = st.text("abcdefgh/ .é", min_size=1, max_size=9).filter(
    lambda name: ".." not in name and not name.startswith("/") and not name.endswith("/")
)


@dataclass(frozen=True, slots=True)
class Made:
    """A member as the attacker writes it; None follows from the data."""

    name: bytes
    data: bytes = b""  # as it stands in the archive
    size: int | None = None
    method: int = 0
    flags: int = 0
    checksum: int | None = None
    offset: int | None = None
    local_name: bytes | None = None
    extra: bytes = b""
    mode: int = 0
    packed_size: int | None = None
    local_method: int | None = None


def made(*files: Made, count: int | None = None, start: int | None = None) -> bytes:
    """An archive byte by byte, with lies where asked for."""
    body, directory = b"", b""
    for file in files:
        size = len(file.data) if file.size is None else file.size
        packed = len(file.data) if file.packed_size is None else file.packed_size
        checksum = zlib.crc32(file.data) if file.checksum is None else file.checksum
        offset = len(body) if file.offset is None else file.offset
        name = file.name if file.local_name is None else file.local_name
        rest = struct.pack("<HHLLL", 0, 0, checksum, packed, size)
        common = struct.pack("<HH", file.flags, file.method) + rest
        method = file.method if file.local_method is None else file.local_method
        body += struct.pack("<4sHHH", b"PK\3\4", 20, file.flags, method) + rest
        body += struct.pack("<HH", len(name), 0) + name + file.data
        directory += struct.pack("<4sHH", b"PK\1\2", 0x314, 20) + common
        directory += struct.pack(
            "<HHHHHLL", len(file.name), len(file.extra), 0, 0, 0, file.mode << 16, offset
        )
        directory += file.name + file.extra
    number = len(files) if count is None else count
    where = len(body) if start is None else start
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, number, number, len(directory), where, 0)
    return body + directory + end


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(data) + packer.flush()


def zeros(name: bytes, size: int) -> Made:
    return Made(name, deflated(bytes(size)), size, 8, checksum=zlib.crc32(bytes(size)))


def read(data: bytes) -> dict[str, bytes]:
    """What came out, problems as text."""
    return {
        member.name: member.content.message.encode()
        if isinstance(member.content, Problem)
        else member.content
        for member in members(data)
    }


@given(st.dictionaries(names, st.binary(max_size=99), max_size=5), st.sampled_from([0, 8]))
def test_reads_what_the_standard_library_writes(files: dict[str, bytes], method: int) -> None:
    files = {f"{number}{name}": b"-" + data for number, (name, data) in enumerate(files.items())}
    assert read(zip_archive(*files.items(), method=method)) == files


def test_reads_what_is_written_to_a_pipe() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, offset: int, whence: int = 0, /) -> int:
            raise OSError

    file = Pipe()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.json", "w", force_zip64=True) as member,
    ):
        member.write(CREDENTIAL)
    assert read(file.getvalue()) == {"a.json": CREDENTIAL}


def test_folders_and_what_a_mac_adds_are_left_out() -> None:
    archive = zip_archive(("folder/", b""), ("folder/a", b"1"), ("__MACOSX/folder/._a", b"2"))
    assert read(archive) == {"folder/a": b"1"}


def test_an_empty_archive_has_no_members() -> None:
    assert read(zip_archive()) == {}


def test_an_archive_in_an_archive_is_opened_once() -> None:
    innermost = zip_archive(("a.json", CREDENTIAL))
    inner = zip_archive(("inner.zip", innermost), ("b.json", CREDENTIAL))
    found = read(zip_archive(("outer.zip", inner), ("c.json", CREDENTIAL)))
    assert found["c.json"] == found["outer.zip/b.json"] == CREDENTIAL
    assert b"is not opened" in found["outer.zip/inner.zip"]


def test_a_damaged_archive_in_an_archive_is_a_problem_of_its_own() -> None:
    found = read(zip_archive(("inner.zip", b"PK\3\4 damaged"), ("c.json", CREDENTIAL)))
    assert b"cut short" in found["inner.zip"]
    assert found["c.json"] == CREDENTIAL


REFUSED_WHOLE = {
    "no_directory": (b"PK\3\4", "its directory is missing"),
    "cut_in_the_middle": (zip_archive(("a", bytes(99)))[:-30], "its directory is missing"),
    "bytes_after_the_end": (zip_archive(("a", b"1")) + b"x", "bytes after its end"),
    "two_directories": (zip_archive(("a", b"1")) + zip_archive(("b", b"2")), "not where it should"),
    "program_in_front": (b"PK\3\4 MZ" + zip_archive(("a", b"1")), "not where it should"),
    "directory_elsewhere": (made(Made(b"a"), start=0), "not where it should"),
    "counts_fewer_than_there_are": (made(Made(b"a"), Made(b"b"), count=1), "more entries"),
    "counts_more_than_there_are": (made(Made(b"a"), count=2), "damaged"),
    "overlapping_members": (made(zeros(b"a", 9), Made(b"b", offset=0)), "share the same bytes"),
    "quoted_overlap": (
        made(Made(b"a", b"x" * 200), Made(b"b", offset=40, packed_size=100)),
        "share the same bytes",
    ),
    "all_members_are_one": (
        made(zeros(b"a", 4_000_000), *(Made(b"%d" % i, offset=0) for i in range(1000))),
        "share the same bytes",
    ),
    "data_inside_the_directory": (
        made(Made(b"a", b"1", packed_size=60)),
        "cut short in the middle",
    ),
    "offset_beyond_the_file": (made(Made(b"a", offset=2**31)), "cut short in the middle"),
    "sixty_five_thousand_members": (made(count=65_535), "more than 10,000"),
}


@pytest.mark.parametrize("attack", REFUSED_WHOLE)
def test_refuses_the_archive(attack: str) -> None:
    data, reason = REFUSED_WHOLE[attack]
    with within_a_second(), pytest.raises(Malformed, match=reason):
        list(members(data))


REFUSED_MEMBER = {
    "path_traversal": (Made(b"../../etc/passwd", b"x"), "outside"),
    "path_traversal_inside": (Made(b"a/../../b", b"x"), "outside"),
    "path_traversal_with_backslashes": (Made(b"..\\..\\b", b"x"), "outside"),
    "absolute_path": (Made(b"/etc/passwd", b"x"), "outside"),
    "drive_letter": (Made(b"C:\\Windows\\a", b"x"), "outside"),
    "nul_in_the_name": (Made(b"a.json\0.exe", b"x"), "outside"),
    "link_to_another_file": (Made(b"a", b"/etc/passwd", mode=0o120777), "link"),
    "encrypted": (Made(b"a", b"x", flags=1), "password"),
    "encrypted_says_only_the_member": (
        Made(b"a", b"x", local_name=b"b"),
        "another where it stands",
    ),
    "unknown_compression": (Made(b"a", b"x", method=14), "method 14"),
    "two_names": (Made(b"a.json", b"x", local_name=b"b.json"), "another where it stands"),
    "two_methods": (Made(b"a", b"x", local_method=8), "another where it stands"),
    "wrong_checksum": (Made(b"a", b"x", checksum=1), "checksum"),
    "bomb_of_one_member": (zeros(b"a", 4_000_000), "times its size"),
    "bomb_that_lies_about_its_size": (
        Made(b"a", deflated(bytes(200 * 2**20)), 100, 8),
        "longer than the directory says",
    ),
    "bomb_of_a_gigabyte": (Made(b"a", deflated(bytes(9)), 2**30, 8), "at most"),
    "bomb_by_zip64": (
        Made(b"a", b"x", 2**32 - 1, 8, extra=struct.pack("<HHQ", 1, 8, 2**50)),
        "at most",
    ),
    "zip64_without_its_field": (Made(b"a", b"x", 2**32 - 1, 8), "at most"),
    "zip64_field_cut_short": (Made(b"a", b"x", 2**32 - 1, 8, extra=b"\1\0\x10\0ab"), "at most"),
    "not_deflated": (Made(b"a", b"\xff\xff\xff", 3, 8), "damaged"),
    "deflated_cut_short": (Made(b"a", deflated(b"abc")[:-1], 3, 8), "cut short"),
    "bytes_after_the_deflated": (Made(b"a", deflated(b"abc") + b"x", 3, 8), "longer"),
    "shorter_than_it_says": (Made(b"a", b"abc", 4), "longer than the directory says"),
}


@pytest.mark.parametrize("attack", REFUSED_MEMBER)
def test_refuses_the_member_and_reads_the_others(attack: str) -> None:
    member, reason = REFUSED_MEMBER[attack]
    with within_a_second():
        found = list(members(made(member, Made(b"good.json", CREDENTIAL))))
    assert isinstance(found[0].content, Problem)
    assert reason in found[0].content.message
    assert found[1].content == CREDENTIAL


def test_a_bomb_that_lies_takes_no_more_memory_than_it_says() -> None:
    bomb = made(REFUSED_MEMBER["bomb_that_lies_about_its_size"][0])
    with within_memory(2 * len(bomb) + 2**20):
        assert isinstance(next(members(bomb)).content, Problem)


@pytest.mark.parametrize(
    "twins",
    [
        pytest.param((b"a.json", b"a.json"), id="the same"),
        pytest.param((b"a.json", b"A.JSON"), id="on a file system that ignores case"),
        pytest.param(("é".encode(), "e\u0301".encode()), id="composed and decomposed"),
        pytest.param((b"b/a.json", b"b\\a.json"), id="either slash"),
    ],
)
def test_members_of_one_name_are_all_refused(twins: tuple[bytes, bytes]) -> None:
    found = list(members(made(*(Made(name, b"x", flags=0x800) for name in twins))))
    assert all("the same name" in getattr(member.content, "message", "") for member in found)


def test_names_are_fit_to_be_shown() -> None:
    name = "a\u202egnp.exe" + "x" * 200
    (member,) = members(made(Made(name.encode(), b"1", flags=0x800)))
    assert member.name.startswith("a\ufffdgnp.exexx")
    assert len(member.name) <= 100


# An archive that holds itself: the innermost is the archive again, for ever.
QUINE_LIKE = zip_archive(("r.zip", zip_archive(("r.zip", zip_archive(("r.zip", zip_archive()))))))


def forty_two() -> bytes:
    """Sixteen archives, each of sixteen archives of a file that inflates a thousandfold."""
    bottom = made(*(zeros(b"%d" % i, 4_000_000) for i in range(16)))
    middle = zip_archive(*((f"{i}.zip", bottom) for i in range(16)))
    return zip_archive(*((f"{i}.zip", middle) for i in range(16)))


@pytest.mark.parametrize("bomb", [QUINE_LIKE, forty_two()], ids=["quine", "42.zip"])
def test_archives_all_the_way_down_are_not_opened(bomb: bytes) -> None:
    with within_a_second():
        found = list(members(bomb))
    assert found
    assert all(isinstance(member.content, Problem) for member in found)


def test_as_many_members_as_the_bound_and_one_more() -> None:
    def archive(count: int) -> bytes:
        return made(*(Made(b"%d" % number) for number in range(count)))

    with cpu_within(5):  # making them takes the most
        assert len(read(archive(archives.MAX_MEMBERS))) == archives.MAX_MEMBERS
        with pytest.raises(Malformed, match="split"):
            list(members(archive(archives.MAX_MEMBERS + 1)))


def test_members_of_nested_archives_count_too() -> None:
    budgeted = zip_archive(("in.zip", zip_archive(("a", b"1"), ("b", b"2"))), ("c", b"3"))
    assert len(list(archives._members(budgeted, "", archives._Budget(members=4), nesting=0))) == 3
    found = list(archives._members(budgeted, "", archives._Budget(members=3), nesting=0))
    assert "members in the ZIP archive" in getattr(found[0].content, "message", "")


def test_as_large_a_member_as_the_bound_and_one_more() -> None:
    most = b"x" * archives.MAX_MEMBER_BYTES
    assert read(zip_archive(("a", most), method=0)) == {"a": most}
    assert b"at most" in read(zip_archive(("a", most + b"x"), method=0))["a"]


def test_as_much_in_all_as_the_bound_and_one_more() -> None:
    def contents(total: int) -> Iterable[object]:
        budget = archives._Budget(total_bytes=total)
        archive = zip_archive(("a", bytes(50)), ("b", bytes(50)))
        return [member.content for member in archives._members(archive, "", budget, nesting=0)]

    assert contents(100) == [bytes(50), bytes(50)]
    assert isinstance(list(contents(99))[1], Problem)


def test_as_dense_as_the_bound_and_one_more() -> None:
    def content(size: int, packed: int) -> object:
        data = deflated(bytes(size))
        assert len(data) <= packed
        file = Made(b"a", data, size, 8, checksum=zlib.crc32(bytes(size)), packed_size=packed)
        # what is missing of the packed size stands after the data, as it would in a fat member
        (member,) = members(made(Made(file.name, data + bytes(packed - len(data)), size, 8)))
        return member.content

    assert "times its size" not in getattr(content(200_000, 1_000), "message", "")
    assert "times its size" in getattr(content(200_001, 1_000), "message", "")


def test_small_members_may_be_as_dense_as_they_like() -> None:
    assert read(made(zeros(b"a", archives.FREE_BYTES))) == {"a": bytes(archives.FREE_BYTES)}


@given(st.binary(max_size=100), st.integers(0, 200))
def test_arbitrary_bytes_are_malformed_or_problems(junk: bytes, at: int) -> None:
    good = zip_archive(("a", b"1"))
    for data in (junk, b"PK\3\4" + junk, good[:at] + junk + good[at:]):
        with contextlib.suppress(Malformed):
            for member in members(data):
                assert isinstance(member.content, Problem) or member.content == b"1"
