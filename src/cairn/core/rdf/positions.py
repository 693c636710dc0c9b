"""Which types may stand where: a credential inside a credential only where one belongs.

Source: Open Badges 3.0, appendix B (data models); VC Data Model 2.0, sections 4 and 5.  Without
this, a holder could give an object that shares the credential's id the type of a credential, move
the status and the end date there, and leave the signed graph as it was (attack 1 of
docs/explanation/canonical-forms.md).
"""

from cairn.core.codec.strict_json import Json
from cairn.core.rdf.outline import EMBEDDED_CREDENTIALS, Uncovered, pointer

CREDENTIAL_TYPES = frozenset(
    {
        "AchievementCredential",
        "BitstringStatusListCredential",
        "ClrCredential",
        "EndorsementCredential",
        "EnvelopedVerifiableCredential",
        "EnvelopedVerifiablePresentation",
        "JsonSchemaCredential",
        "OpenBadgeCredential",
        "StatusList2021Credential",
        "VerifiableCredential",
        "VerifiablePresentation",
    }
)

# A type listed here stands where it is listed; keys not listed may hold any but credentials, and
# types of other vocabularies may stand anywhere.
TYPES_AT = {
    "achievement": {"Achievement"},
    "address": {"Address"},
    "alignment": {"Alignment"},
    "association": {"Association"},
    "creator": {"Profile"},
    "credentialSchema": {"JsonSchema", "JsonSchemaCredential", "1EdTechJsonSchemaValidator2019"},
    "credentialStatus": {
        "1EdTechRevocationList",
        "BitstringStatusListEntry",
        "StatusList2021Entry",
    },
    "credentialSubject": {
        "AchievementSubject",
        "BitstringStatusList",
        "ClrSubject",
        "EndorsementSubject",
        "JsonSchema",
        "StatusList2021",
    },
    "geo": {"GeoCoordinates"},
    "identifier": {"IdentityObject"},
    "image": {"Image"},
    "issuer": {"Profile"},
    "otherIdentifier": {"IdentifierEntry"},
    "parentOrg": {"Profile"},
    "proof": {"DataIntegrityProof"},
    "refreshService": {"1EdTechCredentialRefresh"},
    "related": {"Related"},
    "result": {"Result"},
    "resultDescription": {"ResultDescription"},
    "rubricCriterionLevel": {"RubricCriterionLevel"},
    "source": {"Profile"},
}

_PLACED = frozenset[str]().union(*TYPES_AT.values())


def check_positions(document: Json) -> None:
    """Raise `Uncovered` where a type stands in a place that is not its own."""
    pending: list[tuple[Json, str, str]] = [(document, "", "")]
    while pending:
        value, key, path = pending.pop()
        if isinstance(value, list):
            pending += [(entry, key, f"{path}/{index}") for index, entry in enumerate(value)]
        elif isinstance(value, dict):
            if key and key not in EMBEDDED_CREDENTIALS:
                _check_types(_types(value), key, path)
            pending += [(entry, name, pointer(path, name)) for name, entry in value.items()]


def _types(value: dict[str, Json]) -> frozenset[str]:
    given = value.get("type", [])
    return frozenset(map(str, given if isinstance(given, list) else [given]))


def _check_types(types: frozenset[str], key: str, path: str) -> None:
    for name in sorted(types & (CREDENTIAL_TYPES - TYPES_AT.get(key, frozenset()))):
        raise Uncovered(f"a {name} cannot stand here", pointer(path, "type"))
    for name in sorted((types & _PLACED) - TYPES_AT.get(key, _PLACED)):
        raise Uncovered(f"{name!r} is not a type of {key}", pointer(path, "type"))
