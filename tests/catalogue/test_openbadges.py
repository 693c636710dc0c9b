"""A version as an Open Badges 3.0 achievement: what is carried, how, and that it can be signed."""

import json
from typing import Any

import jsonschema
import pytest

from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.openbadges import (
    achievement,
    achievement_document,
    not_carried,
    profile,
    result_id,
)
from cairn.core.errors import Malformed
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.openbadges.award import Award
from cairn.core.openbadges.credential import achievement_credential
from cairn.core.openbadges.results import Result
from cairn.core.openbadges.terms import to_json
from cairn.core.proofs.data_integrity import add_proof, holds, read_proofs
from cairn.core.rdf.document import Vocabulary
from tests.catalogue.conftest import House
from tests.catalogue.making import draft, published
from tests.reference import reference

KEY = PrivateKey.from_seed(KeyType.ED25519, b"\x07" * 32)


@pytest.fixture
def version(house: House) -> AchievementVersion:
    return published(house.organisation, house.designer, house.approver, image_sha256="a" * 64)


def credential(version: AchievementVersion, language: str) -> dict[str, Any]:
    award = Award(
        id="urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8",
        valid_from="2026-04-01T09:00:00Z",
        result=(Result(result_description=result_id(version, 0), value="17"),),
    )
    return achievement_credential(
        achievement(version, language),
        award,
        profile(version.achievement.creator, language),
        credential_id="https://cairn.test/c/6ba7b810-9dad-41d1-80b4-00c04fd430c9",
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_credential_of_it_is_signed_and_holds(version: AchievementVersion, language: str) -> None:
    vocabulary = Vocabulary()
    document = credential(version, language)
    method = f"{document['issuer']['id']}#key-1"
    signed = add_proof(
        document,
        KEY,
        vocabulary,
        cryptosuite="eddsa-rdfc-2022",
        verification_method=method,
        created="2026-04-01T09:00:00Z",
    )
    (proof,) = read_proofs(signed)
    assert holds(signed, proof, KEY.public, vocabulary)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_credential_of_it_follows_the_strict_schema(
    version: AchievementVersion, language: str
) -> None:
    schema = json.loads(reference("schemas/ob3-strict.json").read_text())
    document = credential(version, language)
    document["proof"] = [{"type": "DataIntegrityProof", "proofValue": "z0"}]
    jsonschema.Draft201909Validator(schema).validate(document)


def test_the_id_is_the_address_of_the_version_in_every_language(
    version: AchievementVersion,
) -> None:
    address = f"https://cairn.test/a/{version.achievement_id}/v/1"
    english, french = achievement(version, "en"), achievement(version, "fr")
    assert english.id == french.id == address
    assert [one.id for one in english.related] == [f"{address}?lang=fr"]
    assert [one.in_language for one in french.related] == ["en"]
    assert french.name == "Raconter les données"
    assert french.version == "1"


def test_a_french_credential_is_signed_with_french_words(version: AchievementVersion) -> None:
    signed: Any = add_proof(
        credential(version, "fr"),
        KEY,
        Vocabulary(),
        cryptosuite="eddsa-rdfc-2022",
        verification_method="did:web:cairn.test:i:1#key-1",
        created="2026-04-01T09:00:00Z",
    )
    narrative = signed["credentialSubject"]["achievement"]["criteria"]["narrative"]
    for words in (
        "## Acquis d’apprentissage\n\n- ",
        "## À propos de cette réussite\n\n- Charge de travail\u00a0: ",
        " heures",
        "- Forme de participation\u00a0: ",
        "- Assurance qualité\u00a0: ",
        "- Approbation\u00a0: Approuvée par l’organisme lui-même\u00a0: "
        "une deuxième personne l’a approuvée.",
    ):
        assert words in narrative
    for words in ("Workload", "Learning outcomes", "About this", "hours", "Approval"):
        assert words not in narrative


def test_level_and_field_are_alignments_to_the_frameworks(version: AchievementVersion) -> None:
    said = {one.target_url: one.target_name for one in achievement(version, "fr").alignment}
    assert said["http://data.europa.eu/snb/eqf/6"]
    assert said["http://data.europa.eu/snb/isced-f/0542"] == "Statistiques"
    assert said["http://data.europa.eu/esco/skill/d6d5ce5a"] == "data visualisation"


def test_what_has_no_term_is_signed_as_text(version: AchievementVersion) -> None:
    narrative = achievement(version, "en").criteria.narrative
    assert narrative.startswith("Pass the **project**.")
    for fact in (
        "- Clean a data set",
        "75 hours, 3 ECTS",
        "Project with a defence",
        "Blended: online and on site",
        "Supervised on site, identity checked",
        "By the board of studies",
        "Approved by the provider itself",
    ):
        assert fact in narrative
    assert achievement(version, "en").credits_available == 3.0


def test_the_report_of_losses_names_each_fact_without_a_term(
    version: AchievementVersion,
) -> None:
    texts = {one.name for one in not_carried(version) if one.is_text}
    assert {"Learning outcomes", "Workload in hours", "Quality assurance"} <= texts
    assert [one.name for one in not_carried(version) if not one.is_text] == [
        "Texts in other languages: linked, not signed"
    ]


def test_a_language_that_is_not_complete_is_refused(house: House) -> None:
    version = draft(house.organisation, house.designer, description={"en": "Only here."})
    with pytest.raises(Malformed, match="is written in en only"):
        achievement(version, "fr")


def test_the_creator_is_the_organisation_by_its_did(version: AchievementVersion) -> None:
    creator = achievement(version, "en").creator
    assert creator is not None
    assert creator.id == f"did:web:cairn.test:i:{version.achievement.creator_id}"
    assert to_json(creator)["address"] == {"type": ["Address"], "addressCountryCode": "IE"}


def test_the_document_of_a_version_names_its_contexts(version: AchievementVersion) -> None:
    document = achievement_document(version, "en")
    assert document["id"] == f"https://cairn.test/a/{version.achievement_id}/v/1"
    assert document["image"] == {"id": f"https://cairn.test/media/{'a' * 64}", "type": "Image"}
    assert len(list(document["@context"])) == 2  # type: ignore[arg-type]
