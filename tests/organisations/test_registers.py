"""Registers of issuers: who may change them, what they take, what they remember."""

import pytest

from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.organisations import registers
from cairn.organisations.models import (
    Capability,
    Organisation,
    Register,
    RegisterEntry,
    Role,
)
from cairn.people.models import User
from cairn.platform.models import AuditEntry
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
DID = "did:web:uni.example:i:1"


@pytest.fixture
def operator() -> Organisation:
    return world.organisation(has_keys=False, capabilities=[Capability.REGISTER])


@pytest.fixture
def registrar(operator: Organisation) -> User:
    return world.member(operator, Role.REGISTRAR)


@pytest.fixture
def register(operator: Organisation, registrar: User) -> Register:
    return registers.open_register(
        organisation=operator, name="Skills register", actor=registrar, now=NOW
    )


def add(register: Register, actor: User, did: str = DID, name: str = "North") -> RegisterEntry:
    return registers.add_entry(
        organisation=register.operator,
        register_id=register.id,
        issuer_did=did,
        name=name,
        actor=actor,
        now=NOW,
    )


def test_each_change_raises_the_revision_and_is_recorded(
    register: Register, registrar: User
) -> None:
    entry = add(register, registrar)
    register.refresh_from_db()
    assert register.revision == 1
    registers.remove_entry(
        organisation=register.operator, entry_id=entry.id, actor=registrar, now=NOW
    )
    register.refresh_from_db()
    assert register.revision == 2
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["register.open", "register.add_entry", "register.remove_entry"]
    assert list(registers.standing_entries(register)) == []
    assert [each.id for each in registers.former_entries(register)] == [entry.id]


def test_an_issuer_is_named_once_at_a_time_and_again_afterwards(
    register: Register, registrar: User
) -> None:
    entry = add(register, registrar)
    with pytest.raises(Conflict, match="already"):
        add(register, registrar)
    registers.remove_entry(
        organisation=register.operator, entry_id=entry.id, actor=registrar, now=NOW
    )
    again = add(register, registrar)
    assert [each.id for each in registers.entries_naming(DID)] == [again.id]


def test_an_entry_is_removed_once(register: Register, registrar: User) -> None:
    entry = add(register, registrar)
    operator = register.operator
    registers.remove_entry(organisation=operator, entry_id=entry.id, actor=registrar, now=NOW)
    with pytest.raises(Conflict, match="already"):
        registers.remove_entry(organisation=operator, entry_id=entry.id, actor=registrar, now=NOW)


@pytest.mark.parametrize(
    "did",
    [
        "",
        "uni.example",
        "did:web:UNI.example",
        "did:web:uni.example:..",
        "did:ebsi:abc",
        "http://uni.example",
        "https://uni.example/a b",
        "https://unі.example",  # a Cyrillic letter
        "https://uni.example/" + "a" * 400,
        "javascript:alert(1)",
        "did:key:z6Mk\n",
    ],
)
def test_a_doubtful_identifier_is_refused(register: Register, registrar: User, did: str) -> None:
    if did == "did:key:z6Mk\n":  # spaces around it are nobody's fault
        assert add(register, registrar, did).issuer_did == "did:key:z6Mk"
        return
    with pytest.raises(Malformed):
        add(register, registrar, did)


@pytest.mark.parametrize("name", ["", "  ", "North\u202e", "Nоrth", "N\u200borth", "x" * 201])
def test_a_name_that_hides_something_is_refused(
    register: Register, registrar: User, name: str
) -> None:
    with pytest.raises(Malformed):
        add(register, registrar, name=name)


@pytest.mark.parametrize("role", set(Role) - {Role.OWNER, Role.REGISTRAR})
def test_other_roles_change_nothing(register: Register, role: Role) -> None:
    with pytest.raises(NotAllowed):
        add(register, world.member(register.operator, role))


def test_an_organisation_without_the_capability_keeps_none() -> None:
    university = world.organisation(has_keys=False)
    with pytest.raises(NotAllowed, match="keeps no register"):
        registers.open_register(
            organisation=university,
            name="Ours",
            actor=world.member(university, Role.OWNER),
            now=NOW,
        )


def test_a_register_of_others_is_out_of_reach(register: Register) -> None:
    other = world.organisation(has_keys=False, capabilities=[Capability.REGISTER])
    actor = world.member(other, Role.OWNER)
    with pytest.raises(Register.DoesNotExist):
        registers.add_entry(
            organisation=other,
            register_id=register.id,
            issuer_did=DID,
            name="North",
            actor=actor,
            now=NOW,
        )


def test_a_register_has_an_end(
    register: Register, registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "MAX_ENTRIES", 1)
    add(register, registrar)
    with pytest.raises(Conflict, match="at most"):
        add(register, registrar, "did:web:other.example")
