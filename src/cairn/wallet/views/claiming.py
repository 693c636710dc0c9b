"""The pages behind the link in a learner's mail.  Opening them changes nothing."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cairn.platform.http import public
from cairn.wallet import services
from cairn.wallet.claims import CLAIMING, OpenClaim, Step
from cairn.wallet.facts import shown
from cairn.wallet.http import person, unlisted

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_OVER = (Step.TAKEN, Step.CLOSED)
_form_page = require_http_methods(["GET", "HEAD", "POST"])


@public
@unlisted
@_form_page
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """What was awarded, and two buttons: claim it, or say that it is not for you."""
    if request.method != "POST":
        return _page(request, "wallet/claim.html", _opened(request, token))
    _opened(request, token)
    holding, user = services.claim(
        token=token,
        user=person(request),
        adds_address="adds_address" in request.POST,
        browser=str(request.META.get("CSRF_COOKIE", "")),
        now=timezone.now(),
    )
    if not request.user.is_authenticated:
        login(request, user, backend=_BACKEND)
    messages.success(request, _("It is yours. It stays private until you say otherwise."))
    return redirect("wallet:credential", holding.id)


@public
@unlisted
@_form_page
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more, then give it back to its issuer."""
    opened = _opened(request, token)
    if request.method != "POST":
        return _page(request, "wallet/not_me.html", opened)
    services.refuse(token=token, user=person(request), now=timezone.now())
    return redirect("wallet:claim", token)


@public
@unlisted
@require_POST
def fresh_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a new link to the address that this one went to."""
    opened = _opened(request, token)
    services.ask_for_fresh_link(token=token, user=person(request), now=timezone.now())
    return _page(request, "wallet/fresh_link.html", opened)


def _opened(request: HttpRequest, token: str) -> OpenClaim:
    opened = services.open_claim(token=token, user=person(request), now=timezone.now())
    if opened is None:
        raise Http404
    return opened


def _page(request: HttpRequest, template: str, opened: OpenClaim) -> HttpResponse:
    get_token(request)  # sets the cookie that both halves of a double click carry
    context = {
        "opened": opened,
        # Once it is claimed, given back or corrected, an old mail tells nobody about it any more.
        "credential": shown(opened.link.award) if opened.step not in _OVER else None,
        "step": opened.step.value,
        "may_claim": opened.step in CLAIMING,
        "may_refuse": opened.step not in (*_OVER, Step.HELD),
        "signed_in_as": person(request),
    }
    return render(request, template, context)
