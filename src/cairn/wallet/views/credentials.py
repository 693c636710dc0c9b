"""What one holds: the list, each with who may see it, its files, and the way back to its issuer."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.issuing.models import Credential
from cairn.issuing.selectors import current_credential, last_signed
from cairn.people.models import User
from cairn.platform.http import signed_in
from cairn.wallet import qr, selectors, services
from cairn.wallet.addresses import share_url
from cairn.wallet.downloads import Download, download
from cairn.wallet.ending import how_to_renew, may_ask
from cairn.wallet.facts import shown
from cairn.wallet.forms import VisibilityForm
from cairn.wallet.http import file_response, unlist, unlisted
from cairn.wallet.linkedin import add_to_profile_url
from cairn.wallet.models import Holding, Wish
from cairn.wallet.presentation import Card, card
from cairn.wallet.wishes import last_wishes

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My credentials, and what waits to be claimed."""
    user, now = cast(User, request.user), timezone.now()
    context = {
        "cards": [card(holding, now) for holding in selectors.holdings_of(user)],
        "waiting": [card(holding, now) for holding in selectors.waiting_for(user)],
        "section": "me",
    }
    return render(request, "wallet/mine.html", context)


@signed_in
@require_POST
def claim_waiting(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """Claim what was sent to an address of one's own."""
    user = cast(User, request.user)
    is_theirs = selectors.held_by(user, holding_id) is not None
    if not is_theirs and holding_id not in {each.id for each in selectors.waiting_for(user)}:
        raise Http404
    holding = services.claim_waiting(holding_id=holding_id, actor=user, now=timezone.now())
    messages.success(request, _("It is yours. It stays private until you say otherwise."))
    return redirect("wallet:credential", holding.id)


@signed_in
@unlisted
@require_safe
def credential(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """One credential of one's own."""
    holding = _held(request, holding_id)
    form = VisibilityForm(initial={"visibility": holding.visibility})
    return _credential_page(request, holding, form)


@signed_in
@unlisted
@require_POST
def privacy(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """Say who may see it."""
    holding = _held(request, holding_id)
    form = VisibilityForm(request.POST)
    if not form.is_valid():
        return _credential_page(request, holding, form)
    services.set_visibility(
        holding_id=holding.id,
        actor=cast(User, request.user),
        visibility=form.cleaned_data["visibility"],
        now=timezone.now(),
    )
    messages.success(request, _("Saved."))
    return redirect("wallet:credential", holding.id)


@signed_in
@require_POST
def new_link(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """Hand out another link; the old one ends."""
    holding = _held(request, holding_id)
    actor = cast(User, request.user)
    services.new_share_key(holding_id=holding.id, actor=actor, now=timezone.now())
    messages.success(request, _("There is a new link. The old one opens nothing any more."))
    return redirect("wallet:credential", holding.id)


@signed_in
@_form_page
def hand_back(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """Ask once more, then give it back to its issuer."""
    holding = _held(request, holding_id)
    if request.method != "POST":
        context = {"credential": shown(holding.award), "holding": holding, "section": "me"}
        return render(request, "wallet/hand_back.html", context)
    actor = cast(User, request.user)
    services.hand_back(holding_id=holding.id, actor=actor, now=timezone.now())
    messages.success(request, _("You gave it back. Its issuer is told."))
    return redirect("wallet:mine")


@signed_in
@require_safe
def file(request: HttpRequest, holding_id: UUID, extension: str) -> HttpResponse:
    """The credential as a file to save."""
    holding = _held(request, holding_id)
    found = download(holding, _newest(holding), extension)
    if found is None:
        raise Http404
    return unlist(file_response(found, is_attachment=True))


@signed_in
@require_safe
def code(request: HttpRequest, holding_id: UUID, extension: str) -> HttpResponse:
    """The QR code of the link that one hands out, to print or to put on a slide."""
    holding = _held(request, holding_id)
    link = share_url(holding, _newest(holding).id)
    pictures = {
        "svg": lambda: Download(qr.svg(link).encode(), "image/svg+xml", "qr.svg"),
        "png": lambda: Download(qr.png(link), "image/png", "qr.png"),
    }
    if extension not in pictures:
        raise Http404
    return unlist(file_response(pictures[extension](), is_attachment="save" in request.GET))


def _held(request: HttpRequest, holding_id: UUID) -> Holding:
    holding = selectors.held_by(cast(User, request.user), holding_id)
    if holding is None:
        raise Http404
    return holding


def _newest(holding: Holding) -> Credential:
    # While one is signed that takes the place of another, the other is the newest.
    newest = current_credential(holding.award) or last_signed(holding.award)
    if newest is None:
        raise Http404
    return newest


def _credential_page(request: HttpRequest, holding: Holding, form: VisibilityForm) -> HttpResponse:
    shown_card: Card = card(holding, timezone.now())
    newest = _newest(holding)
    award, link = holding.award, share_url(holding, newest.id)
    wished = last_wishes(award, cast(User, request.user))
    context = {
        "how_to_renew": how_to_renew(award, get_language() or "en"),
        "may_renew": may_ask(award, timezone.now()),
        "name_wish": wished.get(Wish.Kind.NAME),
        "renewal_wish": wished.get(Wish.Kind.RENEWAL),
        "card": shown_card,
        "credential": shown_card.credential,
        "holding": holding,
        "form": form,
        "link": link,
        "is_shared": holding.visibility != Holding.Visibility.PRIVATE,
        "is_link_only": holding.visibility == Holding.Visibility.LINK,
        "page": f"/c/{newest.id}",
        "linkedin": add_to_profile_url(
            title=shown_card.credential.title,
            organisation=award.issuer.name,
            issued=award.valid_from,
            expires=award.valid_until,
            link=link,
            credential_id=str(newest.id),
        ),
        "section": "me",
    }
    return render(request, "wallet/credential.html", context, status=422 if form.errors else 200)
