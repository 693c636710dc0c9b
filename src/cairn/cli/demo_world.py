"""The people, providers and awards of the demo, made by the services that pages use.

What there is to make stands in `demo_data/world.toml`.  Everything is signed by the real worker.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from importlib import resources
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from cairn.catalogue import services as catalogue
from cairn.catalogue.content import Content
from cairn.catalogue.models import AchievementVersion, Offering
from cairn.catalogue.offerings import open_offering
from cairn.catalogue.pictures import drawn
from cairn.issuing import services as issuing
from cairn.issuing.models import Award
from cairn.jobs.worker import run_until_idle
from cairn.organisations import services as organisations
from cairn.organisations.membership import add_member
from cairn.organisations.models import Capability, Kind, Organisation, Register, Role
from cairn.organisations.registers import add_entry, open_register
from cairn.people.models import User
from cairn.people.services import create_user
from cairn.signing import orders
from cairn.signing.identity import issuer_did
from cairn.signing.services import create_keys
from cairn.wallet import services as wallet
from cairn.wallet.models import Holding

_Row = Mapping[str, Any]  # as in the file
_CONTENT = frozenset(Content.__dataclass_fields__)


@dataclass(slots=True)
class World:
    """What was made, by the key it has in the file."""

    people: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    registers: list[Register] = field(default_factory=list)
    versions: dict[str, AchievementVersion] = field(default_factory=dict)
    runs: dict[str, Offering] = field(default_factory=dict)
    awards: list[Award] = field(default_factory=list)


def build(now: datetime) -> Iterator[tuple[str, World]]:
    """Make the world step by step; each step is named once it is done."""
    text = (resources.files("cairn.cli") / "demo_data" / "world.toml").read_text(encoding="utf-8")
    plan, world = tomllib.loads(text), World()
    for row in plan["people"]:
        world.people[row["key"]] = create_user(
            email=row["email"], name=row["name"], language=row.get("language", "en")
        )
    yield "people", world
    for row in plan["organisations"]:
        world.organisations[row["key"]] = _organisation(row, world, now)
    yield "organisations", world
    for row in plan["organisations"]:
        if "register" in row:
            world.registers.append(_register(row, world, now))
    yield "registers", world
    for row in plan["achievements"]:
        _achievement(row, world, now)
    yield "achievements", world
    for row in plan["awards"]:
        world.awards.append(_award(row, world, now))
    run_until_idle(now)
    for row, award in zip(plan["awards"], world.awards, strict=True):
        _after(row, award, world, now)
    run_until_idle(now)
    yield "awards", world


def _organisation(row: _Row, world: World, now: datetime) -> Organisation:
    owner = world.people[row["owner"]]
    made = organisations.create_organisation(
        name=row["name"],
        slug=row["key"],
        owner=owner,
        kinds=[Kind(kind) for kind in row["kinds"]],
        capabilities=[Capability(one) for one in row.get("capabilities", ["issue"])],
        url=row["url"],
        email=row["email"],
        country=row["country"],
        time_zone=row["time_zone"],
        now=now,
    )
    create_keys(organisation=made, actor=owner, now=now)
    for person, roles in row.get("members", {}).items():
        add_member(
            organisation=made,
            user=world.people[person],
            roles=[Role(role) for role in roles],
            actor=owner,
            now=now,
        )
    return made


def _register(row: _Row, world: World, now: datetime) -> Register:
    operator, owner = world.organisations[row["key"]], world.people[row["owner"]]
    register = open_register(
        organisation=operator, name=row["register"]["name"], actor=owner, now=now
    )
    for key in row["register"]["lists"]:
        listed = world.organisations[key]
        add_entry(
            organisation=operator,
            register_id=register.id,
            issuer_did=issuer_did(listed),
            name=listed.name,
            actor=owner,
            now=now,
        )
    with transaction.atomic():
        orders.place(
            organisation=operator, kind="register", subject_id=register.id, requester=owner, now=now
        )
    return register


def _achievement(row: _Row, world: World, now: datetime) -> None:
    organisation, author = world.organisations[row["organisation"]], world.people[row["author"]]
    said = {name: value for name, value in row.items() if name in _CONTENT}
    if "ects" in said:
        said["ects"] = Decimal(said["ects"])
    achievement_id = uuid4()
    content = Content(
        language=organisation.language,
        drawing_family=row["drawing"],
        image_sha256=drawn(row["drawing"], achievement_id),
        **said,
    )
    version = catalogue.create_achievement(
        organisation=organisation,
        content=content,
        achievement_id=achievement_id,
        actor=author,
        now=now,
    )
    version = catalogue.submit_version(version_id=version.id, actor=author, now=now)
    world.versions[row["key"]] = version
    if "approver" not in row:
        return
    world.versions[row["key"]] = catalogue.approve_version(
        version_id=version.id,
        reasons=row["reasons"],
        seen_sha256=Content.of(version).sha256(),
        actor=world.people[row["approver"]],
        now=now,
    )
    if "run" in row:
        world.runs[row["key"]] = open_offering(
            version_id=version.id, actor=author, now=now, **row["run"]
        )


def _award(row: _Row, world: World, now: datetime) -> Award:
    version, learner = world.versions[row["achievement"]], world.people[row["to"]]
    run = world.runs.get(row["achievement"])
    issuer = version.achievement.creator
    ended = run.ends_on if run else now.date()
    return issuing.award(
        issuer=issuer,
        version=version,
        offering=run,
        email=learner.email,
        name=learner.name,
        language=row.get("language", "en"),
        achieved=issuing.Achieved(narrative=row.get("narrative", "")),
        valid_from=min(
            now, datetime(ended.year, ended.month, ended.day, 12, tzinfo=ZoneInfo(issuer.time_zone))
        ),
        actor=world.people[row["by"]],
        now=now,
    )


def _after(row: _Row, award: Award, world: World, now: datetime) -> None:
    """What the learner and the provider did with it since."""
    if row.get("claimed"):
        learner = world.people[row["to"]]
        holding = wallet.claim_waiting(
            holding_id=Holding.objects.get(award=award).id, actor=learner, now=now
        )
        if "visibility" in row:
            wallet.set_visibility(
                holding_id=holding.id,
                visibility=Holding.Visibility(row["visibility"]),
                actor=learner,
                now=now,
            )
    if "withdrawn" in row:
        issuing.withdraw_award(
            award=award,
            reason=Award.Reason(row["withdrawn"]["reason"]),
            note=row["withdrawn"]["note"],
            actor=world.people[row["withdrawn"]["by"]],
            now=now,
        )
