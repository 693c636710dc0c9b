"""J5: wrong ECTS in a cohort, put right in one act; learners are told, old files say replaced."""

import json
import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from cairn.issuing.models import Award, SignedForm
from cairn.issuing.selectors import current_credential, form_body
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Role
from cairn.verification.services import check
from tests import world
from tests.wallet.mailbox import committed, held

COHORT = 12


def _hidden(page: Any) -> dict[str, str]:
    fields = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()
    )
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def _file(award: Award) -> bytes:
    credential = current_credential(award)
    assert credential is not None
    body = form_body(credential, SignedForm.Form.DATA_INTEGRITY)
    assert body is not None
    return body


def _outcome(file: bytes) -> str:
    (answer,) = check(file, now=timezone.now(), claimed=None)
    assert answer.report is not None
    return answer.report.outcome.value


@pytest.mark.django_db
def test_a_cohort_with_wrong_credits_is_put_right() -> None:
    issuer = world.organisation()
    registrar = Client()
    registrar.force_login(world.member(issuer, Role.REGISTRAR))
    version = world.published_version(issuer, ects=Decimal(5))
    holdings = [held(issuer, now=timezone.now(), version=version) for _ in range(COHORT)]
    with committed():
        run_until_idle(timezone.now())
    mail.outbox.clear()
    olds = [_file(holding.award) for holding in holdings]
    assert {_outcome(old) for old in olds} == {"in_force"}
    world.published_version(issuer, achievement=version.achievement, number=2, ects=Decimal(6))

    page = f"/console/{issuer.slug}/awards/set/replace/"
    form = registrar.get(page, {"q": "Air Quality", "state": "issued"})
    answers = {**_hidden(form), "act_id": str(uuid4()), "reason": "version", "note": ""}
    preview = registrar.post(page, answers)
    assert f"{COHORT} awards" in preview.content.decode()
    confirmed = {**_hidden(preview), **answers, "step": "confirm"}
    assert registrar.post(page, confirmed).status_code == 302
    with committed():
        run_until_idle(timezone.now())

    assert {_outcome(old) for old in olds} == {"replaced"}
    for holding in holdings:
        new = _file(holding.award)
        assert _outcome(new) == "in_force"
        assert json.loads(new)["credentialSubject"]["achievement"]["creditsAvailable"] == 6
        holding.refresh_from_db()
        assert holding.holder is not None
    assert len(mail.outbox) == COHORT
    assert len({tuple(letter.to) for letter in mail.outbox}) == COHORT
    history = registrar.get(
        f"/console/{issuer.slug}/awards/{holdings[0].award_id}/"
    ).content.decode()
    assert "The description of the achievement was put right" in history
    assert "Told that it was replaced" in history
