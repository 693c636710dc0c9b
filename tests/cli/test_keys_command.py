"""`cairn keys new`: an issuer's folder, whole or not at all."""

import json
import stat
from pathlib import Path

import pytest

from cairn.core.did.document import read_document
from tests.cli.command import PASS, UNREADABLE, cairn, is_one_line, make_issuer, new_keys


def test_an_issuer_on_the_web_gets_a_document_to_publish(tmp_path: Path) -> None:
    ran = new_keys(tmp_path / "i")
    assert ran.code == PASS
    settings = json.loads((tmp_path / "i" / "issuer.json").read_bytes())
    did = settings["profile"]["id"]
    assert did.startswith("did:web:badges.example.edu:i:")
    assert did in ran.out
    document = read_document(json.loads((tmp_path / "i" / "did.json").read_bytes()), did)
    assert document.assertion_method == (settings["key"]["id"],)


def test_an_issuer_that_is_its_own_key_needs_no_document(tmp_path: Path) -> None:
    ran = new_keys(tmp_path / "i", "--method", "key")
    assert ran.code == PASS
    assert "did:key:z6Mk" in ran.out
    assert not (tmp_path / "i" / "did.json").exists()


@pytest.mark.parametrize("kind", ["Ed25519", "P-256"])
@pytest.mark.parametrize("method", ["web", "key"])
def test_keys_of_both_types_sign(tmp_path: Path, kind: str, method: str) -> None:
    desk = make_issuer(tmp_path, "--key-type", kind, "--method", method)
    suite = "eddsa-jcs-2022" if kind == "Ed25519" else "ecdsa-jcs-2019"
    assert desk.verify(*desk.issued("--cryptosuite", suite)).code == PASS


def test_the_private_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    new_keys(tmp_path / "i")
    mode = (tmp_path / "i" / "key.pem").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_passphrase_locks_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAIRN_KEY_PASSPHRASE", "correct horse")
    desk = make_issuer(tmp_path)
    assert b"ENCRYPTED" in (desk.issuer / "key.pem").read_bytes()
    assert desk.issued()
    monkeypatch.setenv("CAIRN_KEY_PASSPHRASE", "wrong horse")
    ran = cairn("status", "renew", "--issuer", desk.issuer)
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert "horse" not in ran.err
    monkeypatch.delenv("CAIRN_KEY_PASSPHRASE")
    assert is_one_line(cairn("status", "renew", "--issuer", desk.issuer))


def test_without_a_passphrase_it_says_so(tmp_path: Path) -> None:
    assert "CAIRN_KEY_PASSPHRASE" in new_keys(tmp_path / "i").out


def test_an_issuer_is_never_overwritten(tmp_path: Path) -> None:
    new_keys(tmp_path / "i")
    before = {path: path.read_bytes() for path in (tmp_path / "i").iterdir()}
    ran = new_keys(tmp_path / "i")
    assert ran.code == UNREADABLE
    assert "already holds an issuer" in ran.err
    assert {path: path.read_bytes() for path in (tmp_path / "i").iterdir()} == before


@pytest.mark.parametrize(
    "address",
    [
        "http://badges.example.edu",
        "badges.example.edu",
        "ftp://badges.example.edu",
        "https://",
        "https://badges.example.edu?x=1",
        "https://badges.example.edu#x",
        "https://user:secret@badges.example.edu",
        "https://badges.example.edu:99999",
        "https://badges example.edu",
        "https://[::1",
        "https://BADGES.example.edu/ü b",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_no_plain_https_address_is_refused(tmp_path: Path, address: str) -> None:
    ran = new_keys(tmp_path / "i", "--base-url", address)
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert not (tmp_path / "i").exists()


@pytest.mark.parametrize("name", ["", "   ", "\x1b[31mNorth", "North\x00"])
def test_a_name_that_cannot_be_signed_is_refused_and_nothing_written(
    tmp_path: Path, name: str
) -> None:
    ran = new_keys(tmp_path / "i", "--name", name)
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert "\x1b" not in ran.err
    assert not (tmp_path / "i").exists()


def test_an_unknown_method_is_refused(tmp_path: Path) -> None:
    assert "choose web or key" in new_keys(tmp_path / "i", "--method", "ion").err


def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = new_keys(tmp_path / "file" / "i")
    assert ran.code == UNREADABLE
    assert is_one_line(ran)
    assert str(tmp_path / "file") in ran.err


def test_an_issuers_name_hides_nothing(tmp_path: Path) -> None:
    ran = new_keys(tmp_path / "issuer", "--name", "North\u202e University")
    assert ran.code == UNREADABLE
    assert "U+202E" in ran.err
    assert not (tmp_path / "issuer" / "issuer.json").exists()
