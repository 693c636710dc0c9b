"""The page of one credential, `/c/<id>`: its signed id, so it answers programs too.

Who may see it is the holder's choice (`wallet.selectors.visible`).  What nobody may see and what
isn't there give the same answer, to the byte; what was erased says so, and names nobody.
"""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from cairn.core.verify.ports import Claimed
from cairn.core.wording.render import negotiate
from cairn.issuing.changes import Act
from cairn.issuing.models import Award, Credential, Removal, SignedForm
from cairn.issuing.selectors import form_body, last_change, removal_of, replacement
from cairn.platform.http import public
from cairn.verification import services
from cairn.verification.verdict import Shown as Answer
from cairn.verification.verdict import shown as answer_shown
from cairn.wallet import qr
from cairn.wallet.addresses import share_url
from cairn.wallet.downloads import Download, download
from cairn.wallet.facts import shown
from cairn.wallet.http import file_response, person, unlist
from cairn.wallet.models import Holding
from cairn.wallet.selectors import Visible, visible

_JSON_TYPES = ("application/vc", "application/ld+json", "application/json")
_MAX_CLAIM = 200  # characters of a name or address to compare with


@public
@require_http_methods(["GET", "HEAD", "POST"])
def credential(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """The credential for people, or its signed bytes for programs.  A POST compares a name."""
    found = _visible(request, credential_id)
    if found is None:
        return _erased(request, credential_id) or _nothing(request)
    wanted = _wanted_type(request)
    if wanted:
        file = download(found.holding, found.credential, "json")
        if file is None:
            return _nothing(request)
        named = Download(file.body, wanted, file.name)
        return _guarded(file_response(named, is_attachment=False), found)
    return _guarded(_page(request, found), found)


@public
@require_safe
def file(request: HttpRequest, credential_id: UUID, extension: str) -> HttpResponse:
    """The credential as a file, for whoever may see its page."""
    found = _visible(request, credential_id)
    # A PDF says in words what the award says now; those of an old one are in its signed forms.
    is_old_pdf = found is not None and found.newest is not None and extension == "pdf"
    made = download(found.holding, found.credential, extension) if found else None
    if found is None or made is None or is_old_pdf:
        return _erased(request, credential_id) or _nothing(request)
    return _guarded(file_response(made, is_attachment=True), found)


@public
@require_safe
def code(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """The QR code of the page's link, with the key by which this viewer came."""
    found = _visible(request, credential_id)
    if found is None:
        return _nothing(request)
    link = share_url(found.holding, (found.newest or found.credential).id)
    picture = Download(qr.svg(link).encode(), "image/svg+xml", "qr.svg")
    return _guarded(file_response(picture, is_attachment=False), found)


@public
@require_safe
def newest(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """Where every credential tells its holders to ask for a newer copy of it (refreshService).

    Given is what everybody may see, and to its holder; all else is as if there were none.
    """
    headers = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
    found = _visible(request, credential_id)
    if found is None or found.newest is None:
        text = gettext("There is no newer copy of this credential.")
        kind = "text/plain; charset=utf-8"
        return HttpResponse(text, status=410, content_type=kind, headers=headers)
    body = form_body(found.newest, SignedForm.Form.DATA_INTEGRITY)
    return HttpResponse(body, content_type="application/vc", headers=headers)


def _visible(request: HttpRequest, credential_id: UUID) -> Visible | None:
    return visible(credential_id, key=request.GET.get("key", ""), viewer=person(request))


def _wanted_type(request: HttpRequest) -> str:
    """The JSON type that a program asks for; "" for people, whose browsers name HTML first."""
    if request.GET.get("format") == "json":
        return "application/vc"
    preferred = request.get_preferred_type(["text/html", *_JSON_TYPES])
    return preferred if preferred in _JSON_TYPES else ""


def _page(request: HttpRequest, found: Visible) -> HttpResponse:
    claim = request.POST.get("claim", "").strip()[:_MAX_CLAIM]
    holding = found.holding
    language = negotiate(get_language() or "en")
    key = request.GET.get("key", "")
    if found.newest is not None:
        return _replaced_page(request, found, found.newest)
    context = {
        "answer": _answer(found, claim, language),
        "credential": shown(holding.award),
        "credential_id": found.credential.id,
        "issuer_id": holding.award.issuer_id,
        "holding": holding,
        "is_holder": found.is_holder,
        "is_private": holding.visibility == Holding.Visibility.PRIVATE,
        "is_link_only": holding.visibility == Holding.Visibility.LINK,
        "key": key if holding.visibility == Holding.Visibility.LINK else "",
        "claim": claim,
        "standing": _standing(holding.award),
    }
    return render(request, "site/credential.html", context)


def _replaced_page(request: HttpRequest, found: Visible, newest: Credential) -> HttpResponse:
    # What it said stands in its signed bytes; the award says by now what the newer one says.
    change = replacement(found.credential.id)
    context = {
        "answer": _answer(found, "", negotiate(get_language() or "en")),
        "newest": share_url(found.holding, newest.id),
        "change": change,
        "credential_id": found.credential.id,
        "key": request.GET.get("key", ""),
    }
    return render(request, "site/credential_replaced.html", context)


def _standing(award: Award) -> tuple[datetime, str, str] | None:
    """When, and by which public category, it was withdrawn or suspended, if it is."""
    if award.state == Award.State.WITHDRAWN and award.withdrawn_at is not None:
        return award.withdrawn_at, "withdrawn", award.get_withdrawn_reason_display()
    if award.state == Award.State.SUSPENDED:
        change = last_change(award, Act.SUSPEND)
        return (change.at, "suspended", change.reason_label) if change else None
    return None


def _answer(found: Visible, claim: str, language: str) -> Answer | None:
    """What our own verifier says of the signed bytes, asked now."""
    file = download(found.holding, found.credential, "json")
    if file is None:
        return None
    claimed = Claimed(email=claim) if "@" in claim else Claimed(name=claim) if claim else None
    answers = services.check(file.body, now=timezone.now(), claimed=claimed)
    return answer_shown(answers[0], language) if answers else None


def _guarded(response: HttpResponse, found: Visible) -> HttpResponse:
    patch_vary_headers(response, ["Accept", "Cookie"])
    if found.holding.visibility != Holding.Visibility.PUBLIC:
        return unlist(response)
    response["Cache-Control"] = "no-cache"  # a withdrawal must be seen at the next look
    return response


def _erased(request: HttpRequest, credential_id: UUID) -> HttpResponse | None:
    """That it was erased, when and why, for people and programs; None if it was not."""
    removal = removal_of(credential_id)
    if removal is None or removal.kind != Removal.Kind.ERASED:
        return None
    response = render(request, "site/credential_erased.html", {"removal": removal}, status=410)
    patch_vary_headers(response, ["Accept", "Cookie"])
    return unlist(response)


def _nothing(request: HttpRequest) -> HttpResponse:
    response = render(request, "site/credential_nothing.html", status=404)
    patch_vary_headers(response, ["Accept", "Cookie"])
    return unlist(response)
