"""The profile; signing in, addresses and passwords are allauth's, in our templates."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from cairn.people import services
from cairn.people.forms import ProfileForm
from cairn.people.models import User
from cairn.platform.http import signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """How one is called, and in which language and time zone one reads."""
    user = cast(User, request.user)
    if request.method != "POST":
        initial = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
        return _profile_page(request, ProfileForm(initial=initial))
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, form)
    services.edit_profile(actor=user, **form.cleaned_data)
    language = form.cleaned_data["language"]
    with translation.override(language):
        messages.success(request, gettext("Saved."))
    answer = redirect("people:profile")
    set_language_cookie(answer, language)
    return answer


def _profile_page(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    context = {"form": form, "section": "profile"}
    return render(request, "people/profile.html", context, status=422 if form.errors else 200)


def set_language_cookie(answer: HttpResponseBase, language: str) -> None:
    """Keep the choice of a language, as the switch in the footer does."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


@signed_in
@require_safe
def addresses(request: HttpRequest) -> HttpResponseRedirect:
    """The addresses of one's own, beside the other pages of one's own."""
    return HttpResponseRedirect(reverse("account_email"))
