"""Servers that fault tests may kill, and chance that FAULT_SEED brings again."""

import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

from tests.faults.installation import CAIRN, Installation, new_database
from tests.faults.letters import Letters, mail_service
from tests.faults.servers import Broker, PostgreSql

SEED = os.environ.get("FAULT_SEED") or str(secrets.randbits(32))
ROWS = 400  # of the batch that waits, approved, in every installation


def pytest_report_header() -> str:
    """By which this run can be had again."""
    return f"faults: FAULT_SEED={SEED}"


@dataclass(frozen=True, slots=True)
class Seeded:
    """An installation with an approved batch, and who is who in it; tests work on copies."""

    installation: Installation
    batch: str
    issuer: str
    registrar: str


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> Random:
    """Chance of this test alone."""
    print(f"FAULT_SEED={SEED}")  # noqa: T201 - shown when it fails
    return Random(f"{SEED} {request.node.nodeid}")  # noqa: S311 - where to strike is no secret


@pytest.fixture
def letters() -> Iterator[Letters]:
    """A mail service of this test."""
    with mail_service() as service:
        yield service


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    """A PostgreSQL server of our own."""
    with PostgreSql.started() as server:
        yield server


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A RabbitMQ node of our own."""
    with Broker.started(tmp_path_factory.mktemp("rabbitmq")) as node:
        yield node


@pytest.fixture(scope="session")
def seed_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    """What installations on SQLite are copies of."""
    return _seeded(Installation.at(tmp_path_factory.mktemp("seed")))


@pytest.fixture(scope="session")
def seed_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, postgresql: PostgreSql
) -> Iterator[Seeded]:
    """What installations on PostgreSQL are copies of."""
    with new_database(postgresql.address) as address:
        yield _seeded(Installation.at(tmp_path_factory.mktemp("seed"), DATABASE=address))


@pytest.fixture
def on_sqlite(tmp_path: Path, letters: Letters, seed_on_sqlite: Seeded) -> Seeded:
    """An installation on SQLite."""
    shutil.copytree(seed_on_sqlite.installation.folder, tmp_path, dirs_exist_ok=True)
    return _copy(seed_on_sqlite, Installation.at(tmp_path, letters.address))


@pytest.fixture
def on_postgresql(
    tmp_path: Path, letters: Letters, postgresql: PostgreSql, seed_on_postgresql: Seeded
) -> Iterator[Seeded]:
    """An installation on PostgreSQL."""
    like = _name(seed_on_postgresql)
    with new_database(postgresql.address, like) as address:
        made = Installation.at(tmp_path, letters.address, DATABASE=address)
        yield _copy(seed_on_postgresql, made)


@pytest.fixture
def on_celery(
    tmp_path: Path,
    letters: Letters,
    postgresql: PostgreSql,
    seed_on_postgresql: Seeded,
    broker: Broker,
) -> Iterator[Seeded]:
    """An installation on PostgreSQL whose workers are told by RabbitMQ."""
    with new_database(postgresql.address, _name(seed_on_postgresql)) as address:
        engine = {"DATABASE": address, "ENGINE": "celery", "BROKER": broker.address}
        yield _copy(seed_on_postgresql, Installation.at(tmp_path, letters.address, **engine))


@pytest.fixture(params=["on_sqlite", "on_postgresql", "on_celery"])
def seeded(request: pytest.FixtureRequest) -> Seeded:
    """An installation with each engine that several workers share."""
    found: Seeded = request.getfixturevalue(request.param)
    return found


def _seeded(installation: Installation) -> Seeded:
    installation.run([str(CAIRN), "migrate"])
    return Seeded(installation, **installation.act("seed", ROWS))


def _copy(seed: Seeded, installation: Installation) -> Seeded:
    return Seeded(installation, seed.batch, seed.issuer, seed.registrar)


def _name(seed: Seeded) -> str:
    return urlsplit(seed.installation.environment["CAIRN_DATABASE"]).path.strip("/")
