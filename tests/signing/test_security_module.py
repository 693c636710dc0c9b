"""Keys in a security module (PKCS #11): made there, used there, never read; waited for when away.

The module is SoftHSM 2, the same library that operators try it with.
"""

import os
import uuid
from datetime import timedelta

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from cairn.cli import custody
from cairn.core.errors import Conflict
from cairn.core.keys import PublicKey
from cairn.core.proofs.jose import read_jws
from cairn.issuing.models import Award, SignedForm
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Capability, Organisation
from cairn.people.models import User
from cairn.platform.models import AuditEntry
from cairn.signing import postponing, services
from cairn.signing.bulk import BulkSigner
from cairn.signing.custody import Algorithm, DocumentAlgorithm
from cairn.signing.models import HeldKey, PostponedOrder, SigningKey, SigningOrder, WantedKey
from cairn.signing.opening import open_signer
from cairn.signing.rewrapping import rewrap_keys
from cairn.signing.security_module import KeysAway, SecurityModule, security_module
from cairn.signing.wrapping import MasterKey, master_key
from tests import world
from tests.signing.conftest import NOW
from tests.signing.reading import credential, is_authentic, published_document, verified
from tests.signing.softhsm import Token

# The library ends a search in a session that is gone, and can only say that it could not.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
DAY = timedelta(days=1)
KINDS: tuple[Algorithm, ...] = ("Ed25519", "P-256", "RSA")


@pytest.mark.parametrize("algorithm", KINDS)
def test_the_private_part_never_leaves_the_token(token: Token, algorithm: Algorithm) -> None:
    import pkcs11

    key_id = uuid.uuid4()
    module = security_module()
    module.generate(key_id, algorithm)
    handle = module._with_session(lambda session: module._handle(session, key_id))
    assert handle[pkcs11.Attribute.SENSITIVE]
    assert not handle[pkcs11.Attribute.EXTRACTABLE]
    secret = pkcs11.Attribute.PRIVATE_EXPONENT if algorithm == "RSA" else pkcs11.Attribute.VALUE
    with pytest.raises(pkcs11.PKCS11Error):
        handle[secret]


@pytest.mark.parametrize("algorithm", KINDS)
def test_a_key_is_made_once(token: Token, algorithm: Algorithm) -> None:
    key_id, module = uuid.uuid4(), security_module()
    with pytest.raises(KeysAway, match="restore the token"):
        module.public_of(key_id)
    made = module.generate(key_id, algorithm)
    assert module.generate(key_id, algorithm) == made
    assert module.public_of(key_id) == made


@pytest.fixture
def held(token: Token, organisation: Organisation, owner: User) -> Organisation:
    """An organisation whose keys were made in the token."""
    services.create_keys(organisation=organisation, actor=owner, now=NOW)
    run_until_idle(NOW)
    return organisation


@pytest.mark.parametrize(("kind", "algorithm"), [("Ed25519", "EdDSA"), ("P-256", "ES256")])
def test_all_forms_that_a_module_signs_are_authentic(
    token: Token,
    settings: Settings,
    organisation: Organisation,
    owner: User,
    kind: DocumentAlgorithm,
    algorithm: str,
) -> None:
    settings.CAIRN = token.settings(kind)
    services.create_keys(organisation=organisation, actor=owner, now=NOW)
    run_until_idle(NOW)
    signer = open_signer(organisation, NOW)
    assert is_authentic(verified(signer.sign_document(credential(organisation), now=NOW), NOW))
    compact = signer.sign_vc_jwt(credential(organisation))
    assert read_jws(compact.decode()).header["alg"] == algorithm
    assert is_authentic(verified(compact, NOW))
    assert is_authentic(verified(signer.sign_open_badge_jwt(credential(organisation)), NOW))


def test_the_database_holds_nothing_of_a_private_key(held: Organisation) -> None:
    keys = list(held.signing_keys.order_by("algorithm"))
    assert [(key.algorithm, key.state) for key in keys] == [
        ("Ed25519", "active"),
        ("RSA", "active"),
    ]
    for key in keys:
        assert (bytes(key.wrapped_private), key.master_key_id) == (b"", "")
        assert HeldKey.objects.get(key=key).token == "cairn"
    (method,) = published_document(held).methods  # the RSA key stands in the document as a JWK
    assert method.id.endswith(keys[0].fragment)


def test_until_its_keys_are_made_an_organisation_signs_nothing(
    token: Token, organisation: Organisation, owner: User
) -> None:
    services.create_keys(organisation=organisation, actor=owner, now=NOW)
    with pytest.raises(KeysAway, match="being made"):
        open_signer(organisation, NOW)
    with pytest.raises(Conflict, match="replace"):
        services.create_keys(organisation=organisation, actor=owner, now=NOW)


def test_keys_in_a_module_are_replaced_as_others_are(held: Organisation, owner: User) -> None:
    services.rotate_keys(organisation=held, actor=owner, now=NOW)
    with pytest.raises(Conflict):
        services.rotate_keys(organisation=held, actor=owner, now=NOW)
    run_until_idle(NOW)
    assert held.signing_keys.filter(state="next").count() == 2
    run_until_idle(NOW + DAY)
    assert held.signing_keys.filter(state="active", activated_at=NOW + DAY).count() == 2
    assert not WantedKey.objects.exists()


def test_a_key_in_a_module_that_was_given_up_is_replaced_at_once(
    held: Organisation, owner: User
) -> None:
    lost = held.signing_keys.get(algorithm="Ed25519")
    services.mark_compromised(organisation=held, fragment=lost.fragment, actor=owner, now=NOW)
    run_until_idle(NOW)
    successor = held.signing_keys.get(algorithm="Ed25519", state="active")
    assert successor.id != lost.id
    assert open_signer(held, NOW).document_fragment == successor.fragment
    orders = AuditEntry.objects.filter(action="keys.order", subject_id=successor.id)
    assert [act.actor_id for act in orders] == [owner.id]


def test_the_master_key_is_changed_without_the_module(
    held: Organisation, token: Token, settings: Settings, owner: User
) -> None:
    before = configured.CAIRN.custody
    settings.CAIRN = token.settings()
    other = Organisation.objects.create(slug="south", name="South", created_at=NOW)
    object.__setattr__(settings.CAIRN.custody, "is_in_module", False)
    services.create_keys(organisation=other, actor=owner, now=NOW)
    assert before.is_in_module
    token.take_away()
    new = MasterKey(os.urandom(32))
    assert rewrap_keys(old=master_key(), new=new, now=NOW) == 2
    assert set(held.signing_keys.values_list("master_key_id", flat=True)) == {""}


def _planned(organisation: Organisation) -> Award:
    organisation.capabilities = [Capability.ISSUE]
    organisation.save(update_fields=["capabilities"])
    return world.planned_award(organisation, now=NOW)


def _waiting() -> list[str]:
    return list(PostponedOrder.objects.values_list("problem", flat=True).distinct())


def _is_untouched(award: Award) -> bool:
    award.refresh_from_db()
    states = set(SigningOrder.objects.filter(kind="credential").values_list("state", flat=True))
    return (
        award.state == Award.State.PLANNED
        and not SignedForm.objects.exists()
        and states == {SigningOrder.State.PLACED}
    )


def test_while_the_token_is_gone_awards_wait_and_then_go_on(
    held: Organisation, token: Token
) -> None:
    open_signer(held, NOW)  # the session is open when the token goes
    token.take_away()
    award = _planned(held)
    for minute in range(90):  # longer than a delivery is tried
        now = NOW + timedelta(minutes=minute)
        postponing.ask_again(now)
        run_until_idle(now)
    assert _is_untouched(award)
    (problem,) = _waiting()
    assert "there is no token 'cairn' in the security module" in problem
    token.bring_back()
    postponing.ask_again(NOW + 2 * DAY)
    run_until_idle(NOW + 2 * DAY)
    award.refresh_from_db()
    assert award.state == Award.State.ISSUED
    assert SignedForm.objects.filter(credential__award=award).count() == 3
    assert not PostponedOrder.objects.exists()


def test_a_wrong_pin_is_tried_once_and_the_operator_told(held: Organisation, token: Token) -> None:
    token.take_away()
    with pytest.raises(KeysAway):
        open_signer(held, NOW).sign_vc_jwt(credential(held))
    token.bring_back()
    token.say_pin("999999")
    award = _planned(held)
    for minute in range(20):  # a token locks itself after a few wrong PINs
        postponing.ask_again(NOW + timedelta(minutes=minute))
        run_until_idle(NOW + timedelta(minutes=minute))
    assert _is_untouched(award)
    (problem,) = _waiting()
    assert "refused the PIN in CAIRN_PKCS11_PIN_FILE; write the right one there" in problem
    assert "999999" not in problem
    token.say_pin("246802")
    postponing.ask_again(NOW + DAY)
    run_until_idle(NOW + DAY)
    award.refresh_from_db()
    assert award.state == Award.State.ISSUED


def test_a_module_that_is_not_there_is_named(token: Token) -> None:
    from dataclasses import replace
    from pathlib import Path

    nowhere = SecurityModule(replace(token.where, library=Path("/nowhere/module.so")))
    with pytest.raises(KeysAway, match=r"/nowhere/module\.so can't be loaded"):
        nowhere.probe()
    unreadable = SecurityModule(replace(token.where, pin_file=Path("/nowhere/pin")))
    with pytest.raises(KeysAway, match="CAIRN_PKCS11_PIN_FILE"):
        unreadable.probe()


def test_a_key_that_the_token_lost_is_not_replaced_by_itself(held: Organisation) -> None:
    key = held.signing_keys.get(algorithm="Ed25519")
    SigningKey.objects.filter(pk=key.pk).delete()
    key.pk = uuid.uuid4()
    key.save(force_insert=True)
    HeldKey.objects.create(key=key, token="cairn")
    with pytest.raises(KeysAway, match="restore the token from its backup"):
        open_signer(held, NOW)


def test_a_public_part_from_another_key_is_refused(held: Organisation) -> None:
    key = held.signing_keys.get(algorithm="Ed25519")
    other = security_module().generate(uuid.uuid4(), "Ed25519")
    assert isinstance(other, PublicKey)
    key.public_jwk = other.jwk()
    key.save(update_fields=["public_jwk"])
    with pytest.raises(ValueError, match="another key's"):
        open_signer(held, NOW)


def test_the_operator_is_told_where_keys_are_and_whether_the_module_answers(
    held: Organisation, token: Token, capsys: pytest.CaptureFixture[str]
) -> None:
    assert held.signing_keys.count() == 2
    assert custody.tell(configured.CAIRN.custody)
    told = capsys.readouterr().out
    assert "0 keys are under the master key, 2 in the security module." in told
    assert "The token cairn answers." in told
    token.take_away()
    assert not custody.tell(configured.CAIRN.custody)
    assert "connect it, or mend CAIRN_PKCS11_TOKEN" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["Ed25519", "P-256"])
def test_a_module_signs_in_bulk_too(
    token: Token,
    settings: Settings,
    organisation: Organisation,
    owner: User,
    kind: DocumentAlgorithm,
) -> None:
    settings.CAIRN = token.settings(kind)
    services.create_keys(organisation=organisation, actor=owner, now=NOW)
    run_until_idle(NOW)
    bulk = BulkSigner(open_signer(organisation, NOW), NOW)
    sample = credential(organisation)
    alike = bulk.alike(sample, ["/id"])
    assert (alike is not None) is (kind == "Ed25519")  # P-256 has no short way
    value = str(sample["id"]) + "2"
    signed = alike.sign([value]) if alike else bulk.sign({**sample, "id": value})
    assert signed is not None
    assert is_authentic(verified(signed.document, NOW))
    assert is_authentic(verified(signed.token, NOW))
