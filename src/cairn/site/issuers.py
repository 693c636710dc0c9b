"""The public page of an organisation: who it is, its keys, who names it, what it awards."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cairn.catalogue.presentation import shown
from cairn.catalogue.selectors import published_versions
from cairn.catalogue.views.finding import reading_language
from cairn.organisations.models import Kind, Organisation
from cairn.organisations.registers import entries_naming, registers_of
from cairn.platform.http import public
from cairn.signing.identity import issuer_did
from cairn.signing.models import SigningKey
from cairn.signing.selectors import keys_of

KINDS = {
    Kind.UNIVERSITY: _("University"),
    Kind.PROVIDER: _("Provider of courses"),
    Kind.PROFESSIONAL_BODY: _("Professional body"),
    Kind.EMPLOYER: _("Employer"),
    Kind.AUTHORITY: _("Public authority"),
}
KEY_STATES = {
    SigningKey.State.NEXT: ("none", _("Published, not used yet")),
    SigningKey.State.ACTIVE: ("ok", _("Signs now")),
    SigningKey.State.RETIRED: ("none", _("Retired; what it signed stays valid")),
    SigningKey.State.COMPROMISED: ("bad", _("Compromised; nothing it signed counts")),
}


@public
@require_safe
def by_id(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """To the readable address, which may change; signed bytes hold the id."""
    organisation = get_object_or_404(Organisation, id=organisation_id)
    return redirect("site:issuer", organisation.slug)


@public
@require_safe
def issuer(request: HttpRequest, slug: str) -> HttpResponse:
    """The page.  Five queries."""
    organisation = get_object_or_404(Organisation, slug=slug)
    did = issuer_did(organisation)
    language = reading_language(request)
    versions = published_versions().filter(achievement__creator=organisation)
    keys = [(key, *KEY_STATES[SigningKey.State(key.state)]) for key in keys_of(organisation)]
    context = {
        "organisation": organisation,
        "description": _description(organisation),
        "kinds": [KINDS[Kind(kind)] for kind in organisation.kinds if kind in KINDS],
        "did": did,
        "keys": keys,
        "naming": entries_naming(did),
        "registers": registers_of(organisation),
        "entries": [(version, shown(version, language)) for version in versions[:50]],
        "section": "learn",
    }
    return render(request, "site/issuer.html", context)


def _description(organisation: Organisation) -> tuple[str, str]:
    """Language and text of what the organisation says of itself, in the reader's if it can be."""
    texts: dict[str, str] = organisation.description
    for language in (get_language() or "en", organisation.language, *texts):
        if texts.get(language):
            return language, texts[language]
    return organisation.language, ""
