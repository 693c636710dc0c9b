"""What is published of keys, for anybody; and the page on which owners replace them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Organisation
from cairn.platform.http import public
from cairn.signing import rotation, selectors, services
from cairn.signing.forms import RhythmForm
from cairn.signing.http import published
from cairn.signing.identity import issuer_did
from cairn.signing.models import SigningKey
from cairn.signing.permissions import KEYS_MANAGE
from cairn.signing.states import PUBLISHED_AHEAD


@public
@require_safe
def did_document(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """The DID document of an issuer of this installation."""
    organisation = selectors.published_issuer(organisation_id)
    if organisation is None:
        raise Http404
    return published(
        strict_json.write(selectors.did_document(organisation)), "application/did+json"
    )


@public
@require_safe
def jwk(request: HttpRequest, organisation_id: UUID, fragment: str) -> HttpResponse:
    """One public key; 410 if it was compromised."""
    organisation = selectors.published_issuer(organisation_id)
    if organisation is None:
        raise Http404
    try:
        found = selectors.published_jwk(organisation, fragment)
    except SigningKey.DoesNotExist as err:
        raise Http404 from err
    if found is None:
        gone: dict[str, Json] = {"title": "This key was compromised and counts no more."}
        return published(strict_json.write(gone), "application/problem+json", status=410)
    return published(strict_json.write(found), "application/jwk+json")


@member_page(KEYS_MANAGE)
@require_safe
def keys(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """All keys with their states and dates, how it stands, and when they are replaced."""
    rows = list(selectors.keys_of(organisation))
    replaced_at = rotation.replaced_at(organisation)
    context = {
        "keys": rows,
        "did": issuer_did(organisation),
        "is_rotating": any(row.state == SigningKey.State.NEXT for row in rows),
        "is_reissuable": any(row.state == SigningKey.State.COMPROMISED for row in rows),
        "standing": selectors.standing_of(organisation),
        "replaced_at": replaced_at,
        "published_at": replaced_at and replaced_at - PUBLISHED_AHEAD,
    }
    return render(request, "signing/keys.html", context)


@member_page(KEYS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rhythm(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """How often keys are replaced by themselves."""
    form = _rhythm_form(request, organisation)
    if form.is_valid():
        rotation.change_rhythm(
            organisation=organisation, rhythm=form.rhythm, actor=request.user, now=timezone.now()
        )
        messages.success(request, _("Saved."))
        return _back(organisation)
    status = 422 if form.is_bound else 200
    return render(request, "signing/rhythm.html", {"form": form}, status=status)


@member_page(KEYS_MANAGE)
@require_http_methods(["GET", "POST"])
def rotate(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Say what replacing the keys does, then do it."""
    if request.method != "POST":
        return render(request, "signing/rotate.html")
    since = services.rotate_keys(organisation=organisation, actor=request.user, now=timezone.now())
    moment = date_format(timezone.localtime(since), "DATETIME_FORMAT")
    messages.success(
        request, _("New keys are published. They sign from %(moment)s on.") % {"moment": moment}
    )
    return _back(organisation)


def _rhythm_form(request: MemberRequest, organisation: Organisation) -> RhythmForm:
    now = rotation.rhythm_of(organisation)
    initial = {"is_scheduled": now.is_scheduled, "months": now.months}
    return RhythmForm(request.POST if request.method == "POST" else None, initial=initial)


def _back(organisation: Organisation) -> HttpResponse:
    return HttpResponseRedirect(reverse("signing:keys", args=[organisation.slug]))
