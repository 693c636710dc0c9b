"""Organisations, members and versions for the tests of the catalogue."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from cairn.catalogue.content import Content
from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.services import approve_version, create_achievement, submit_version
from cairn.organisations.models import Capability, Membership, Organisation, Role
from cairn.people.models import User

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)

CONTENT = Content(
    language="en",
    name={"en": "Data Storytelling", "fr": "Raconter les données"},
    description={"en": "Present open data.", "fr": "Présenter des données ouvertes."},
    criteria={"en": "Pass the **project**.", "fr": "Réussir le **projet**."},
    outcomes=[
        {"en": "Clean a data set", "fr": "Nettoyer un jeu de données"},
        {"en": "Draw an honest chart", "fr": "Dessiner un graphique honnête"},
    ],
    human_code="DS-101",
    field_of_study="0542",
    eqf_level=6,
    workload_hours=75,
    ects=Decimal("3.0"),
    participation="blended",
    assessment_type={"en": "Project with a defence", "fr": "Projet avec soutenance"},
    supervision="on_site",
    quality_assurance={"en": "By the board of studies", "fr": "Par le conseil d’études"},
    tags=["data", "charts"],
    alignments=[
        {
            "targetName": "data visualisation",
            "targetUrl": "http://data.europa.eu/esco/skill/d6d5ce5a",
            "targetFramework": "ESCO",
        }
    ],
    result_descriptions=[
        {"name": "Grade", "resultType": "RawScore", "valueMin": "0", "valueMax": "20"}
    ],
    valid_for_months=36,
)


def organisation(slug: str = "north", **fields: Any) -> Organisation:
    """An organisation that is complete enough for Annex I."""
    given = {
        "name": "Northbridge University",
        "country": "IE",
        "url": "https://north.example",
        "capabilities": [Capability.ISSUE],
    }
    return Organisation.objects.create(slug=slug, created_at=NOON, **{**given, **fields})


def member(of: Organisation, *roles: Role, email: str = "") -> User:
    """A user who acts for `of` in these roles."""
    address = email or f"{'-'.join(roles)}@{of.slug}.example"
    user = User.objects.create_user(address, name=address.partition("@")[0].title())
    Membership.objects.create(organisation=of, user=user, roles=list(roles), created_at=NOON)
    return user


def content(**changes: Any) -> Content:
    """A complete content, with these changes."""
    return replace(CONTENT, **changes)


def draft(of: Organisation, author: User, **changes: Any) -> AchievementVersion:
    """A complete draft."""
    return create_achievement(organisation=of, content=content(**changes), actor=author, now=NOON)


def digest(version: AchievementVersion) -> str:
    """What a reviewer saw of `version`."""
    return Content.of(AchievementVersion.objects.get(pk=version.pk)).sha256()


def published(of: Organisation, author: User, approver: User, **changes: Any) -> AchievementVersion:
    """A version that `approver` published."""
    version = draft(of, author, **changes)
    return published_again(version, author, approver)


def published_again(
    version: AchievementVersion, author: User, approver: User
) -> AchievementVersion:
    """A draft, published."""
    submit_version(version_id=version.pk, actor=author, now=NOON)
    return approve_version(
        version_id=version.pk,
        reasons="Sound.",
        seen_sha256=digest(version),
        actor=approver,
        now=LATER,
    )
