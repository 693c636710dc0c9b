"""`cairn.net.memory`: the newest version stays, in one process and over many."""

import json
import stat
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import Malformed, Unobtainable
from cairn.net import memory
from cairn.net.memory import FileMemory, ForgivingMemory, Memory

URL = "https://issuer.example/status/1"
OLD, NEW = "2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z"

versions = st.datetimes(datetime(1000, 1, 1)).map("{:%Y-%m-%dT%H:%M:%SZ}".format)  # noqa: DTZ001


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cairn" / "seen.json"


def test_what_was_never_seen_is_unknown(path: Path) -> None:
    assert Memory().seen(URL) is None
    assert FileMemory(path).seen(URL) is None
    assert not path.exists()  # looking leaves no trace


@given(st.lists(versions, min_size=1, max_size=8))
def test_the_newest_version_stays_in_whatever_order(seen: list[str]) -> None:
    remembered = Memory()
    for version in seen:
        remembered.remember(URL, version)
    assert remembered.seen(URL) == max(seen)


@pytest.mark.parametrize(
    "version",
    [
        "",
        "2026-01-31",
        "2026-01-31T23:59:59",
        "2026-01-31T23:59:59.5Z",
        "2026-01-31T23:59:59+00:00",
        "2026-01-31t23:59:59z",
        "٢٠٢٦-01-31T23:59:59Z",
        "2026-01-31T23:59:59Z\n",
    ],
)
def test_a_time_that_does_not_compare_as_text_is_refused(version: str) -> None:
    remembered = Memory()
    with pytest.raises(Malformed, match="2026-01-31T00:00:00Z"):
        remembered.remember(URL, version)
    assert remembered.seen(URL) is None


def test_the_longest_unremembered_goes_first() -> None:
    remembered = Memory(max_entries=2)
    for url in ("a", "b", "a", "c"):
        remembered.remember(url, OLD)
    assert [remembered.seen(url) for url in "abc"] == [OLD, None, OLD]


def test_a_file_outlives_the_process(path: Path) -> None:
    first = FileMemory(path)
    first.remember(URL, NEW)
    first.remember("https://bücher.example/\ud800", OLD)
    second = FileMemory(path)
    second.remember(URL, OLD)
    assert FileMemory(path).seen(URL) == NEW
    assert FileMemory(path).seen("https://bücher.example/\ud800") == OLD


def test_only_the_owner_may_read_where_we_have_looked(path: Path) -> None:
    FileMemory(path).remember(URL, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_nothing_new_is_not_written(path: Path) -> None:
    remembered = FileMemory(path)
    remembered.remember(URL, NEW)
    path.unlink()
    remembered.remember(URL, NEW)
    remembered.remember(URL, OLD)
    assert not path.exists()


def test_two_processes_keep_each_other_s_entries_and_the_newest(path: Path) -> None:
    one, other = FileMemory(path), FileMemory(path)
    one.remember("a", NEW)
    one.remember("shared", NEW)
    other.remember("b", OLD)
    other.remember("shared", OLD)
    assert json.loads(path.read_bytes()) == {"a": NEW, "shared": NEW, "b": OLD}
    assert other.seen("shared") == NEW


def test_a_full_file_drops_its_oldest(path: Path) -> None:
    remembered = FileMemory(path, max_entries=2)
    for url in ("a", "b", "c"):
        remembered.remember(url, OLD)
    assert list(json.loads(path.read_bytes())) == ["b", "c"]
    assert FileMemory(path, max_entries=1).seen("b") is None


def test_threads_may_share_it(path: Path) -> None:
    remembered = FileMemory(path)

    def remember_five(part: str) -> None:
        for number in range(5):
            remembered.remember(f"{part}{number}", OLD)

    threads = [Thread(target=remember_five, args=(part,)) for part in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(json.loads(path.read_bytes())) == 20


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"a": 1}',
        b'{"a": "yesterday"}',
        b'{"a": null}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_named_with_its_mend(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(Malformed, match="delete the file") as refusal:
        FileMemory(path)
    assert str(path) in str(refusal.value)
    assert path.read_bytes() == content  # evidence is not overwritten


def test_a_file_beyond_all_bounds_is_damaged(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FileMemory(path).remember(URL, NEW)
    monkeypatch.setattr(memory, "MAX_FILE_BYTES", path.stat().st_size)
    FileMemory(path)
    monkeypatch.setattr(memory, "MAX_FILE_BYTES", path.stat().st_size - 1)
    with pytest.raises(Malformed, match="damaged"):
        FileMemory(path)


def test_a_file_that_cannot_be_read_is_unobtainable(tmp_path: Path) -> None:
    with pytest.raises(Unobtainable, match="can't be read"):
        FileMemory(tmp_path)


def test_a_file_that_cannot_be_written_is_unobtainable_and_the_version_known(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(source: str, target: Path) -> None:
        raise OSError(28, "No space left on device")

    remembered = FileMemory(path)
    monkeypatch.setattr("os.replace", no_space)
    with pytest.raises(Unobtainable, match="No space left"):
        remembered.remember(URL, NEW)
    assert remembered.seen(URL) == NEW
    assert list(path.parent.iterdir()) == []


def test_a_memory_without_its_file_goes_on_and_says_so_once(tmp_path: Path) -> None:
    (tmp_path / "no folder").write_text("a file")
    told: list[str] = []
    memory = ForgivingMemory(tmp_path / "no folder" / "seen.json", told.append)
    for month in ("01", "02"):
        memory.remember("https://uni.example/s", f"2026-{month}-01T00:00:00Z")
    assert memory.seen("https://uni.example/s") == "2026-02-01T00:00:00Z"
    assert len(told) == 1
