"""An organisation of this installation with keys, a list and a signed credential, for tests."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from cairn.catalogue.models import Achievement, AchievementVersion
from cairn.core.codec import strict_json, timestamps
from cairn.core.status.bitstring import StatusList as Bits
from cairn.core.status.credential import status_list_credential
from cairn.issuing.models import Award, Credential, SignedForm, StatusList
from cairn.organisations.models import Kind, Organisation
from cairn.people.models import Learner, User
from cairn.signing.identity import issuer_did
from cairn.signing.opening import open_signer
from cairn.signing.services import create_keys
from cairn.wallet.models import Holding
from tests.core.badges import Badge, badge

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BASE = "https://cairn.test"


@dataclass(frozen=True, slots=True)
class Issued:
    """A credential in its holder's hands, and what stands behind it."""

    organisation: Organisation
    status_list: StatusList
    holding: Holding
    credential: Credential
    body: bytes


def organisation(name: str = "North University", **fields: object) -> Organisation:
    """An organisation with keys."""
    made = Organisation.objects.create(
        slug=f"o-{uuid4().hex[:12]}",
        name=name,
        kinds=[Kind.UNIVERSITY],
        created_at=NOW,
        **fields,
    )
    create_keys(organisation=made, actor=None, now=NOW)
    return made


def issued(visibility: str = Holding.Visibility.PUBLIC, share_key: str = "") -> Issued:
    """A credential signed and held; on its list nothing is revoked."""
    issuer = organisation()
    listed = StatusList.objects.create(
        issuer=issuer, purpose="revocation", bits=b"", taken=b"", changed_at=NOW
    )
    publish(listed)
    person = User.objects.create_user(f"{uuid4().hex[:8]}@learner.example")
    award = _award(issuer, person)
    credential = Credential.objects.create(
        issuer=issuer, award=award, salt="", planned_at=NOW, signed_at=NOW
    )
    body = open_signer(issuer, NOW).sign_document(_document(issuer, credential.id, listed), now=NOW)
    SignedForm.objects.create(
        issuer=issuer,
        credential=credential,
        form=SignedForm.Form.DATA_INTEGRITY,
        body=body,
        sha256="",
        key_fragment="",
        signed_at=NOW,
    )
    holding = Holding.objects.create(
        award=award, holder=person, visibility=visibility, share_key=share_key, claimed_at=NOW
    )
    return Issued(issuer, listed, holding, credential, body)


def publish(listed: StatusList, *revoked: int, now: datetime = NOW) -> None:
    """Sign and publish the next version of the list."""
    document = status_list_credential(
        list_url=f"{BASE}/status/{listed.id}",
        issuer_id=issuer_did(listed.issuer),
        purpose="revocation",
        statuses=Bits.empty().marked(revoked),
        valid_from=timestamps.write(now),
        valid_until="2026-12-01T00:00:00Z",
    )
    listed.body = open_signer(listed.issuer, now).sign_document(document, now=now)
    listed.version += 1
    listed.signed_at = now
    listed.save()


def _award(issuer: Organisation, person: User) -> Award:
    achievement = Achievement.objects.create(
        slug=f"a-{uuid4().hex[:12]}", creator=issuer, created_at=NOW
    )
    version = AchievementVersion.objects.create(
        achievement=achievement,
        number=1,
        author=person,
        name={"en": "Data analysis"},
        created_at=NOW,
        edited_at=NOW,
    )
    learner = Learner.objects.create(email=person.email, user=person, created_at=NOW)
    return Award.objects.create(
        issuer=issuer,
        version=version,
        learner=learner,
        recipient_name="Ada Lovelace",
        language="en",
        valid_from=NOW,
        state=Award.State.ISSUED,
        awarded_by=person,
        awarded_at=NOW,
    )


def _document(issuer: Organisation, identity: UUID, listed: StatusList) -> Badge:
    document = badge()
    del document["endorsement"]
    url = f"{BASE}/status/{listed.id}"
    document["id"] = f"{BASE}/c/{identity}"
    document["issuer"]["id"] = issuer_did(issuer)
    document["issuer"]["name"] = issuer.name
    document["credentialStatus"] = {
        "id": f"{url}#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": url,
    }
    return document


def altered(body: bytes) -> bytes:
    """The same credential with another name in it."""
    document = strict_json.read(body)
    return strict_json.write(document).replace(b"Ada Lovelace", b"Eve Lovelace")
