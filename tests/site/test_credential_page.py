"""The page of one credential: who sees it, what programs get, what it says when withdrawn."""

import re
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from cairn.issuing import services as issuing
from cairn.issuing.acts import Order, act_on
from cairn.issuing.changes import Act
from cairn.issuing.models import Award, SignedForm
from cairn.issuing.replacing import Correction, replace_award
from cairn.issuing.selectors import current_credential, form_body
from cairn.organisations.models import Role
from cairn.wallet import services
from cairn.wallet.models import Holding
from tests import world
from tests.wallet.mailbox import account, held, offered, signed_in

pytestmark = pytest.mark.django_db
_PRIVATE, _LINK, _PUBLIC = (Holding.Visibility(each) for each in ("private", "link", "public"))


def _shared(visibility: Holding.Visibility) -> tuple[Holding, str]:
    """A credential that was claimed just now, and the address of its page."""
    holding = held(now=timezone.now())
    assert holding.holder is not None
    holding = services.set_visibility(
        holding_id=holding.id, actor=holding.holder, visibility=visibility, now=world.NOW
    )
    return holding, _page_of(holding.award)


def _page_of(award: Award) -> str:
    credential = current_credential(award)
    assert credential is not None
    return f"/c/{credential.id}"


def _get(path: str, client: Client | None = None, **headers: str) -> HttpResponse:
    answer = (client or Client()).get(path, headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def _without_token(answer: HttpResponse) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_a_private_page_is_as_if_it_were_not_there() -> None:
    _, private = _shared(_PRIVATE)
    unclaimed = _page_of(offered()[0])
    nowhere = f"/c/{uuid4()}"
    answers = [_get(path) for path in (private, unclaimed, nowhere)]
    assert {answer.status_code for answer in answers} == {404}
    texts = [
        _without_token(answer).replace(path, "")
        for answer, path in zip(answers, (private, unclaimed, nowhere), strict=True)
    ]
    assert len(set(texts)) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1


def test_link_only_opens_by_its_key_alone() -> None:
    holding, page = _shared(_LINK)
    for wrong in ("", "?key=", "?key=wrong", f"?key={holding.share_key}x", "?key=%00%ff"):
        assert _get(page + wrong).status_code == 404
    answer = _get(f"{page}?key={holding.share_key}")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"
    for name in ("credential.json", "credential.pdf", "qr.svg"):
        assert _get(f"{page}/{name}").status_code == 404
        assert _get(f"{page}/{name}?key={holding.share_key}").status_code == 200


def test_a_link_that_was_taken_back_opens_nothing() -> None:
    holding, page = _shared(_LINK)
    assert holding.holder is not None
    old = holding.share_key
    services.new_share_key(holding_id=holding.id, actor=holding.holder, now=world.NOW)
    assert _get(f"{page}?key={old}").status_code == 404


def test_an_empty_key_never_opens_a_page_without_one() -> None:
    holding, page = _shared(_LINK)
    Holding.objects.filter(id=holding.id).update(share_key="")
    assert _get(f"{page}?key=").status_code == 404


def test_its_holder_sees_a_private_page_and_nobody_else_does() -> None:
    holding, page = _shared(_PRIVATE)
    assert holding.holder is not None
    mine = _get(page, signed_in(holding.holder))
    assert mine.status_code == 200
    assert "Only you see it" in mine.content.decode()
    assert _get(page, signed_in(account("stranger@example.org"))).status_code == 404


def test_a_public_page_says_one_sentence_for_everybody() -> None:
    _, page = _shared(_PUBLIC)
    answer = _get(page)
    text = answer.content.decode()
    for words in ("In force", "Air Quality Basics", "Ada Lovelace", "Read a sensor."):
        assert words in text
    assert "X-Robots-Tag" not in answer
    assert "Only you" not in text


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/vc", "application/vc"),
        ("application/ld+json", "application/ld+json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
    ],
)
def test_programs_get_the_signed_bytes(accept: str, content_type: str) -> None:
    holding, page = _shared(_PUBLIC)
    answer = _get(page, accept=accept)
    assert answer["Content-Type"].partition(";")[0] == content_type
    assert {"Accept", "Cookie"} <= set(answer["Vary"].split(", "))
    if content_type != "text/html":
        credential = current_credential(holding.award)
        assert credential is not None
        assert answer.content == form_body(credential, SignedForm.Form.DATA_INTEGRITY)


def test_programs_are_held_to_the_same_rule() -> None:
    holding, page = _shared(_LINK)
    assert _get(f"{page}?format=json").status_code == 404
    assert _get(page, accept="application/vc").status_code == 404
    answer = _get(f"{page}?format=json&key={holding.share_key}")
    assert answer["Content-Type"] == "application/vc"


def test_a_withdrawn_credential_stays_and_says_so() -> None:
    holding, page = _shared(_PUBLIC)
    awarder = world.member(holding.award.issuer, Role.AWARDER)
    issuing.withdraw_award(
        award=holding.award,
        reason=Award.Reason.ERROR,
        note="not for the public",
        actor=awarder,
        now=timezone.now(),
    )
    world.sign_orders(now=timezone.now())
    text = _get(page).content.decode()
    assert "withdrawn" in text
    assert "not for the public" not in text


def test_a_credential_that_a_newer_one_replaced_shows_nothing() -> None:
    award, _ = offered()
    old = _page_of(award)
    awarder = world.member(award.issuer, Role.AWARDER)
    issuing.correct_address(award=award, email="right@example.org", actor=awarder, now=world.NOW)
    world.sign_orders()
    Holding.objects.update(
        holder=account("right@example.org"), visibility=_PUBLIC, claimed_at=world.NOW
    )
    assert _get(_page_of(award)).status_code == 200
    assert _get(old).status_code == 404


def _corrected(holding: Holding) -> tuple[str, str]:
    """The pages of the credential that was replaced, and of the one in its place."""
    old = _page_of(holding.award)
    said = Correction(
        holding.award.version, "Ada King", issuing.Achieved(), holding.award.valid_from, None
    )
    replace_award(
        award=holding.award,
        correction=said,
        order=Order(Act.REPLACE, uuid4(), "name"),
        actor=world.member(holding.award.issuer, Role.REGISTRAR),
        now=timezone.now(),
    )
    world.sign_orders(now=timezone.now())
    return old, _page_of(holding.award)


def test_a_replaced_credential_leads_to_the_new_one_where_the_holder_shows_it() -> None:
    for visibility in (_PUBLIC, _LINK):
        holding, _ = _shared(visibility)
        key = f"?key={holding.share_key}" if holding.share_key else ""
        old, new = _corrected(holding)
        page = _get(f"{old}{key}").content.decode()
        assert "has been replaced by a newer one" in page
        assert "The learner has another name" in page
        assert f'href="https://cairn.test{new}{key}"' in page
        assert _get(f"{new}{key}").status_code == 200
        assert _get(f"{old}/credential.pdf{key}").status_code == 404
        assert _get(f"{old}/credential.json{key}").status_code == 200


def test_a_replaced_credential_that_is_private_is_as_if_it_were_not_there() -> None:
    holding, _ = _shared(_PRIVATE)
    old, new = _corrected(holding)
    nowhere = f"/c/{uuid4()}"
    texts = {_without_token(_get(path)).replace(path, "") for path in (old, new, nowhere)}
    assert len(texts) == 1
    assert (_get(f"{old}/newest").status_code, _get(f"{new}/newest").status_code) == (410, 410)
    assert holding.holder is not None
    assert _get(old, signed_in(holding.holder)).status_code == 200


def test_the_newest_copy_is_given_to_everybody_while_it_is_public() -> None:
    holding, _ = _shared(_PUBLIC)
    old, new = _corrected(holding)
    answer = _get(f"{old}/newest")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/vc")
    assert answer.content == _get(f"{new}/credential.json").content
    assert _get(f"{new}/newest").status_code == 410


def test_while_the_new_one_is_signed_the_old_page_stays() -> None:
    holding, page = _shared(_PUBLIC)
    said = Correction(
        holding.award.version, "Ada King", issuing.Achieved(), holding.award.valid_from, None
    )
    replace_award(
        award=holding.award,
        correction=said,
        order=Order(Act.REPLACE, uuid4(), "name"),
        actor=world.member(holding.award.issuer, Role.REGISTRAR),
        now=timezone.now(),
    )
    assert _get(page).status_code == 200
    assert holding.holder is not None
    mine = signed_in(holding.holder)
    assert _get(f"/me/credentials/{holding.id}/", mine).status_code == 200


def test_a_page_says_since_when_and_why_it_is_suspended_or_withdrawn() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer, is_suspendable=True)
    holding = held(issuer, now=timezone.now(), version=version)
    assert holding.holder is not None
    services.set_visibility(
        holding_id=holding.id, actor=holding.holder, visibility=_PUBLIC, now=world.NOW
    )
    page = _page_of(holding.award)
    actor = world.member(issuer, Role.REGISTRAR)
    for act, reason, words in (
        (Act.SUSPEND, "review", "It is being looked into"),
        (Act.REINSTATE, "settled", "In force"),
        (Act.WITHDRAW, "misconduct", "A rule of the assessment was broken"),
    ):
        act_on(
            issuer=issuer,
            award_ids=[holding.award_id],
            order=Order(act, uuid4(), reason, "internal words"),
            actor=actor,
            now=timezone.now(),
        )
        world.sign_orders(now=timezone.now())
        shown = _get(page).content.decode()
        assert words in shown
        assert "internal words" not in shown


def test_a_name_is_compared_and_not_kept() -> None:
    _, page = _shared(_PUBLIC)
    same = Client().post(page, {"claim": "Ada Lovelace"}).content.decode()
    other = Client().post(page, {"claim": "Charles Babbage"}).content.decode()
    assert same != other
    assert "Charles Babbage" in other


@pytest.mark.parametrize("narrative", ["<script>alert(1)</script>", "[x](javascript:alert(1))"])
def test_attack_of_a_narrative_with_a_script(narrative: str) -> None:
    holding, page = _shared(_PUBLIC)
    Award.objects.filter(pk=holding.award_id).update(narrative=narrative)
    text = _get(page).content.decode()
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


def test_its_address_is_the_one_that_was_signed() -> None:
    holding, page = _shared(_PUBLIC)
    credential = current_credential(holding.award)
    assert credential is not None
    assert UUID(page.removeprefix("/c/")) == credential.id
