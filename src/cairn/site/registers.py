"""A register of issuers: for people a page, for machines the signed document."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cairn.organisations.models import Register
from cairn.organisations.registers import former_entries, standing_entries
from cairn.platform.http import public
from cairn.signing.http import published
from cairn.signing.identity import issuer_did

MEDIA_TYPE = "application/vc"
_FOR_MACHINES = (MEDIA_TYPE, "application/json", "application/ld+json", "application/vc+ld+json")


@public
@require_safe
def register(request: HttpRequest, register_id: UUID) -> HttpResponse:
    """The page, or the signed bytes for who asks for JSON, or for nothing in particular."""
    found = get_object_or_404(Register.objects.select_related("operator"), id=register_id)
    wanted = request.get_preferred_type(["text/html", *_FOR_MACHINES])
    asks_anything = "text/html" not in request.headers.get("Accept", "")
    if wanted != "text/html" or asks_anything:
        answer = signed(found)
    else:
        context = {
            "register": found,
            "operator_did": issuer_did(found.operator),
            "entries": standing_entries(found),
            "former": former_entries(found),
        }
        answer = render(request, "site/register.html", context)
    patch_vary_headers(answer, ("Accept",))
    return answer


@public
@require_safe
def document(request: HttpRequest, register_id: UUID) -> HttpResponse:
    """The signed bytes as a file, for a person's browser."""
    answer = signed(get_object_or_404(Register, id=register_id))
    answer["Content-Disposition"] = 'attachment; filename="register.json"'
    return answer


def signed(found: Register) -> HttpResponse:
    """The register as it was signed.  Raises `Http404` before it was signed first."""
    if not found.body:
        raise Http404
    return published(bytes(found.body), MEDIA_TYPE)
