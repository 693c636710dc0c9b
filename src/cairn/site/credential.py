"""The page of one credential, `/c/<id>`: its signed id, so it answers programs too.

Who may see it is the holder's choice (`wallet.selectors.visible`).  What nobody may see and what
isn't there give the same answer, to the byte.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from cairn.core.verify.ports import Claimed
from cairn.core.wording.render import negotiate
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
        return _nothing(request)
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
    made = download(found.holding, found.credential, extension) if found else None
    if found is None or made is None:
        return _nothing(request)
    return _guarded(file_response(made, is_attachment=True), found)


@public
@require_safe
def code(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """The QR code of the page's link, with the key by which this viewer came."""
    found = _visible(request, credential_id)
    if found is None:
        return _nothing(request)
    link = share_url(found.holding, found.credential.id)
    picture = Download(qr.svg(link).encode(), "image/svg+xml", "qr.svg")
    return _guarded(file_response(picture, is_attachment=False), found)


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
    }
    return render(request, "site/credential.html", context)


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


def _nothing(request: HttpRequest) -> HttpResponse:
    response = render(request, "site/credential_nothing.html", status=404)
    patch_vary_headers(response, ["Accept", "Cookie"])
    return unlist(response)
