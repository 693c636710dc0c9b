"""The drill for a stolen key (threat 10 of the threat model): from the click to all set right.

In 60 seconds the DID document, the status lists and 200 credentials have to be out again; they are
checked by our verifier as a stranger's file is.
"""

import time
from datetime import datetime

import pytest
from django.test import Client

from cairn.core.codec import strict_json
from cairn.core.verify.report import Outcome, Reason, Report, Result
from cairn.issuing import selectors
from cairn.issuing.models import Award, SignedForm, StatusList
from cairn.issuing.reissues import Reissue
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Organisation, Role
from cairn.verification.services import check
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
AWARDS = 200
MOST_SECONDS = 60


def test_a_stolen_key_is_given_up_and_all_it_signed_issued_again_in_a_minute(
    client: Client,
) -> None:
    issuer = world.organisation(name="North University")
    version = world.published_version(issuer, is_suspendable=True)
    awarder = world.member(issuer, Role.AWARDER)
    awards = [world.planned_award(issuer, version, actor=awarder) for _ in range(AWARDS)]
    run_until_idle(world.NOW)
    old = {award.id: _body(award) for award in awards}
    key = issuer.signing_keys.get(algorithm="Ed25519")
    client.force_login(world.member(issuer, Role.OWNER))
    began = time.perf_counter()
    answer = client.post(
        f"/console/{issuer.slug}/keys/{key.fragment}/give-up/",
        {"name": "North University", "is_reissued": "on"},
    )
    assert answer.status_code == 302
    now = Reissue.objects.get().ordered_at
    run_until_idle(now)
    seconds = time.perf_counter() - began
    print(f"\ndrill: {AWARDS} credentials, DID document and lists in {seconds:.1f} s")  # noqa: T201

    assert Reissue.objects.get().done_at == now
    assert seconds < MOST_SECONDS
    _require_new_document(client, issuer, key.fragment)
    _require_new_lists(issuer, key.fragment)
    for award in awards[::20]:
        report = _report(old[award.id], now)
        (reason,) = [one.reason for one in report.checks if one.result is Result.FAIL][:1]
        assert (report.outcome, reason) == (Outcome.ALTERED, Reason.ISSUER_KEY_REVOKED)
        assert _report(_body(award), now).outcome is Outcome.IN_FORCE
    issued = SignedForm.objects.exclude(key_fragment=key.fragment)
    assert issued.filter(credential__is_current=True).count() == 3 * AWARDS
    assert set(Award.objects.values_list("state", flat=True)) == {Award.State.ISSUED}


def _body(award: Award) -> bytes:
    credential = selectors.last_signed(award)
    assert credential is not None
    return selectors.form_body(credential, SignedForm.Form.DATA_INTEGRITY) or b""


def _report(data: bytes, now: datetime) -> Report:
    (answer,) = check(data, now=now)
    assert answer.report is not None
    return answer.report


def _require_new_document(client: Client, issuer: Organisation, fragment: str) -> None:
    document = client.get(f"/i/{issuer.id}/did.json", headers={"host": "cairn.test"}).json()
    method = next(one for one in document["verificationMethod"] if one["id"].endswith(fragment))
    assert method["revoked"]
    assert not any(each.endswith(fragment) for each in document["assertionMethod"])


def _require_new_lists(issuer: Organisation, fragment: str) -> None:
    lists = StatusList.objects.filter(issuer=issuer)
    assert lists.count() == 2
    for status_list in lists:
        body = strict_json.read(bytes(status_list.body))
        assert isinstance(body, dict)
        assert fragment not in str(body["proof"])
        assert not status_list.is_changed
