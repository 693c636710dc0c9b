"""A realistic signed Open Badge, written out, for tests that take it apart."""

import copy
from typing import Any

from cairn.core.rdf.contexts import OB_3_0_3, VC_2

Badge = dict[str, Any]

ISSUER = "https://uni.example/issuers/1"
CREDENTIAL = "https://uni.example/c/1"


def badge() -> Badge:
    """A new unsigned badge with status, results, a creator and an endorsement."""
    return copy.deepcopy(_BADGE)


_PROFILE = {"id": ISSUER, "type": ["Profile"], "name": "North University"}
_BADGE: Badge = {
    "@context": [VC_2, OB_3_0_3],
    "id": CREDENTIAL,
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Data analysis",
    "issuer": _PROFILE,
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2028-01-01T00:00:00Z",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": "Ada Lovelace",
                "identityType": "name",
            }
        ],
        "creditsEarned": 5.5,
        "achievement": {
            "id": "https://uni.example/a/1/v/1",
            "type": ["Achievement"],
            "name": "Data analysis",
            "description": "Reading data.",
            "criteria": {"narrative": "A project."},
            "creator": {**_PROFILE},
            "tag": ["data", "statistics"],
            "resultDescription": [
                {
                    "id": "urn:uuid:0b7a5ee0-3f7e-4ab4-8f34-2c1e3a6d9f01",
                    "type": ["ResultDescription"],
                    "name": "Grade",
                    "resultType": "LetterGrade",
                    "allowedValue": ["C", "B", "A"],
                }
            ],
        },
        "result": [
            {
                "type": ["Result"],
                "resultDescription": "urn:uuid:0b7a5ee0-3f7e-4ab4-8f34-2c1e3a6d9f01",
                "value": "A",
            }
        ],
    },
    "credentialStatus": {
        "id": "https://uni.example/status/1#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "https://uni.example/status/1",
    },
    "endorsement": [
        {
            "@context": [VC_2, OB_3_0_3],
            "id": "https://board.example/e/1",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "Approval",
            "issuer": {"id": "https://board.example/1", "type": ["Profile"], "name": "Board"},
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {
                "id": CREDENTIAL,
                "type": ["EndorsementSubject"],
                "endorsementComment": "Sound.",
            },
        }
    ],
}
