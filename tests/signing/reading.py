"""Read what an organisation publishes as a stranger does: by its addresses, with our core."""

from datetime import UTC, datetime

from django.test import Client

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.did.document import DidDocument, read_document
from cairn.core.errors import Unobtainable
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import CheckId, Report, Result
from cairn.organisations.models import Organisation
from cairn.signing.identity import issuer_did

HOST = "https://cairn.test"


class Pages:
    """Documents as the installation serves them."""

    def get(self, url: str, *, now: datetime) -> bytes:
        path = url.removeprefix(HOST)
        answer = Client().get(path, secure=True, headers={"host": "cairn.test"})
        if not url.startswith(HOST) or answer.status_code != 200:
            raise Unobtainable(f"{url}: {answer.status_code}")
        return answer.content


def verified(data: bytes, now: datetime) -> Report:
    return verify(data, Sources(documents=Pages()), now=now)


def is_authentic(report: Report) -> bool:
    """Whether the issuer signed all of it; whether it stands is another question."""
    results = {check.id: check.result for check in report.checks}
    asked = (CheckId.CONTEXT, CheckId.DOCUMENT, CheckId.PROOF, CheckId.ISSUER)
    return all(results.get(check) is Result.PASS for check in asked)


def published_document(organisation: Organisation) -> DidDocument:
    did = issuer_did(organisation)
    data = Pages().get(f"{HOST}/i/{organisation.id}/did.json", now=datetime.max.replace(tzinfo=UTC))
    return read_document(strict_json.read(data), did)


def credential(organisation: Organisation, since: str = "2026-09-01T10:00:00Z") -> dict[str, Json]:
    """An Open Badge that says little, unsigned."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"{HOST}/c/6f3e0b5e-8f0e-4c43-8e3b-7a7e2f3c1d55",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer_did(organisation), "type": ["Profile"], "name": "North University"},
        "validFrom": since,
        "name": "Data literacy",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "id": f"{HOST}/a/0e5d3f0e-5b0a-4f6b-9f6e-0c3a5d2b7e11/v/1",
                "type": ["Achievement"],
                "name": "Data literacy",
                "description": "Reads tables and charts.",
                "criteria": {"narrative": "Passed the test."},
            },
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": "sha256$" + "0" * 64,
                    "identityType": "emailAddress",
                    "salt": "00",
                }
            ],
        },
    }
