"""`cairn audit`: what an operator reads, and the exit code that a script asks for."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction
from typer.testing import CliRunner, Result

from cairn.cli.audit import audit as command
from cairn.core.errors import Malformed
from cairn.organisations.models import Organisation
from cairn.platform import audit, audit_sealing
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    """An organisation with three sealed entries."""
    made = world.organisation(has_keys=False)
    with transaction.atomic():
        for _ in range(3):
            audit.record(
                "award.create",
                organisation_id=made.id,
                actor_id=None,
                subject_kind="award",
                subject_id=uuid4(),
                at=world.NOW,
            )
    audit_sealing.seal_all(world.NOW + timedelta(minutes=1))
    return made


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def _rewrite(organisation: Organisation) -> None:
    drop = f"DROP TRIGGER {{}}_refuses_{{}}{' ON {}' if connection.vendor == 'postgresql' else ''}"
    with connection.cursor() as cursor:
        cursor.execute(drop.format("platform_auditentry", "update", "platform_auditentry"))
        cursor.execute("UPDATE platform_auditentry SET action = 'award.withdraw'")


def test_a_whole_audit_ends_with_0(organisation: Organisation) -> None:
    ran = _run("verify", "--organisation", organisation.slug)
    assert (ran.exit_code, ran.output) == (0, "The audit is as it was sealed (1 chains).\n")


def test_an_altered_one_ends_with_1_and_names_the_first_row(organisation: Organisation) -> None:
    _rewrite(organisation)
    ran = _run("verify")
    assert ran.exit_code == 1
    first = ran.output.splitlines()[0]
    assert first.startswith(f"{organisation.slug}: entry ")
    assert first.endswith("(seal 1), said to be of 2026-06-01 12:00:00 UTC: was altered: action")


def test_kept_heads_are_compared(organisation: Organisation, tmp_path: Path) -> None:
    kept = tmp_path / "heads"
    kept.write_text(_run("head").output)
    assert organisation.slug in kept.read_text()
    assert _run("verify", "--head", str(kept)).exit_code == 0
    digits = kept.read_text().split()[3]
    kept.write_text(kept.read_text().replace(digits, "0" * 64))
    ran = _run("verify", "--head", str(kept))
    assert ran.exit_code == 1
    assert "rewritten" in ran.output


def test_a_kept_head_of_a_chain_that_is_gone_is_missed(
    organisation: Organisation, tmp_path: Path
) -> None:
    kept = tmp_path / "heads"
    kept.write_text(f"cairn-audit-v1 {uuid4()} 12 {'0' * 64}\n")
    ran = _run("verify", "--head", str(kept))
    assert ran.exit_code == 1
    assert "the chain ends at 0" in ran.output


def test_an_organisation_that_is_not_there_is_refused() -> None:
    ran = _run("verify", "--organisation", "nowhere")
    assert isinstance(ran.exception, Malformed)
