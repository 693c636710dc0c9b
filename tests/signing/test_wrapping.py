"""Private keys at rest, and the change of the master key."""

from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest
from pytest_django import Settings

from cairn.core.errors import Conflict, Malformed
from cairn.organisations.models import Organisation
from cairn.platform.models import AuditEntry
from cairn.signing.models import SigningKey
from cairn.signing.opening import open_signer
from cairn.signing.rewrapping import rewrap_keys
from cairn.signing.unwrapping import open_document_key, unwrap
from cairn.signing.wrapping import NONCE_BYTES, MasterKey, master_key, wrap
from tests.signing.conftest import NOW

MASTER, OTHER = MasterKey(bytes(range(32))), MasterKey(bytes(32))
SECRET = b"a private key of thirty-two byte"


def _row(master: MasterKey = MASTER) -> SigningKey:
    key_id = uuid4()
    return SigningKey(
        id=key_id,
        master_key_id=master.id,
        wrapped_private=wrap(SECRET, key_id=key_id, master=master),
    )


def test_what_was_wrapped_is_unwrapped() -> None:
    assert unwrap(_row(), MASTER) == SECRET


def test_a_wrapped_key_holds_nonce_and_tag_and_no_two_are_alike() -> None:
    key_id = uuid4()
    once, twice = (wrap(SECRET, key_id=key_id, master=MASTER) for _ in range(2))
    assert len(once) == NONCE_BYTES + len(SECRET) + 16
    assert once[:NONCE_BYTES] != twice[:NONCE_BYTES]
    assert SECRET not in once


def test_another_master_key_is_named_without_a_secret() -> None:
    with pytest.raises(Malformed, match=f"{MASTER.id}.*{OTHER.id}"):
        unwrap(_row(), OTHER)


def test_another_master_key_that_claims_to_be_ours_opens_nothing() -> None:
    row = _row(OTHER)
    row.master_key_id = MASTER.id
    with pytest.raises(Malformed, match="restore it"):
        unwrap(row, MASTER)


def test_a_wrapped_key_in_the_row_of_another_does_not_open() -> None:
    row, other = _row(), _row()
    other.wrapped_private = row.wrapped_private
    with pytest.raises(Malformed, match="restore it"):
        unwrap(other, MASTER)


@pytest.mark.parametrize("place", [0, NONCE_BYTES, -1])
def test_an_altered_byte_is_noticed(place: int) -> None:
    row = _row()
    altered = bytearray(row.wrapped_private)
    altered[place] ^= 1
    row.wrapped_private = bytes(altered)
    with pytest.raises(Malformed, match="restore it"):
        unwrap(row, MASTER)


def test_an_empty_column_is_noticed() -> None:
    row = _row()
    row.wrapped_private = b""
    with pytest.raises(Malformed, match="restore it"):
        unwrap(row, MASTER)


def test_a_public_part_of_another_key_is_noticed(issuer: Organisation) -> None:
    row = issuer.signing_keys.get(algorithm="Ed25519")
    row.public_jwk = {**row.public_jwk, "x": "A" * 43}
    with pytest.raises(Malformed, match="another key's"):
        open_document_key(row, master_key())


def test_a_master_key_never_shows_itself() -> None:
    assert repr(MASTER) == "MasterKey()"
    assert len(MASTER.id) == 16


def test_a_master_key_has_32_bytes() -> None:
    with pytest.raises(Malformed, match="need 32"):
        MasterKey(b"short")


def test_without_a_master_key_it_is_said_how_to_make_one(settings: Settings) -> None:
    settings.CAIRN = SimpleNamespace(master_key=None)
    with pytest.raises(Malformed, match="cairn keys master"):
        master_key()


def test_after_the_master_key_was_changed_the_new_one_opens_all_keys(
    issuer: Organisation, settings: Settings
) -> None:
    signer = open_signer(issuer, NOW)
    assert rewrap_keys(old=master_key(), new=OTHER, now=NOW) == 2
    with pytest.raises(Malformed, match="is wrapped under the master key"):
        open_signer(issuer, NOW)
    settings.CAIRN = replace(settings.CAIRN, master_key=OTHER.secret)
    assert open_signer(issuer, NOW).document_key == signer.document_key
    assert AuditEntry.objects.filter(action="keys.rewrap").count() == 2


def test_changing_the_master_key_can_be_run_again(issuer: Organisation) -> None:
    rewrap_keys(old=master_key(), new=OTHER, now=NOW)
    assert rewrap_keys(old=master_key(), new=OTHER, now=NOW) == 0


def test_one_key_that_does_not_open_stops_the_change_of_all(issuer: Organisation) -> None:
    broken = issuer.signing_keys.order_by("id").last()
    assert broken
    SigningKey.objects.filter(id=broken.id).update(wrapped_private=b"x" * 40)
    with pytest.raises(Malformed, match="restore it"):
        rewrap_keys(old=master_key(), new=OTHER, now=NOW)
    assert {key.master_key_id for key in issuer.signing_keys.all()} == {master_key().id}


def test_the_new_master_key_is_another_one(issuer: Organisation) -> None:
    with pytest.raises(Conflict, match="the one in use"):
        rewrap_keys(old=master_key(), new=master_key(), now=NOW)
