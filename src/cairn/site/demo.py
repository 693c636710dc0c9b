"""Pages of the demo: change role with one click, read the mail that was sent.

They exist where `CAIRN_DEMO` is set and nowhere else: whoever opens them is whoever they like.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from cairn.people.models import User
from cairn.platform.http import public
from cairn.site import demo_mail

_P = ParamSpec("_P")
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def demo_page(
    view: Callable[Concatenate[HttpRequest, _P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page that is not there outside the demo."""

    @wraps(view)
    def page(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
        if not settings.CAIRN.is_demo:
            raise Http404
        return view(request, *args, **kwargs)

    return public(page)


@demo_page
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Everybody who can be in the demo, and what they are there."""
    people = User.objects.prefetch_related("memberships__organisation").order_by("name")
    members = [person for person in people if person.memberships.all()]
    learners = [person for person in people if not person.memberships.all()]
    return render(request, "site/demo_roles.html", {"members": members, "learners": learners})


@demo_page
@require_safe
def sign_in(request: HttpRequest, email: str) -> HttpResponse:
    """Be the person of this address.  A plain link signs in: it is printed in a terminal."""
    user = get_object_or_404(User, email=email)
    login(request, user, backend=_BACKEND)
    return redirect("/console/" if user.memberships.exists() else "/me/")


@demo_page
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """All mail that was sent, the newest first."""
    return render(request, "site/demo_mail.html", {"letters": demo_mail.letters(_folder())})


@demo_page
@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One letter."""
    found = demo_mail.letter(_folder(), name)
    if found is None:
        raise Http404
    return render(request, "site/demo_letter.html", {"letter": found})


def _folder() -> Path:
    return Path(settings.CAIRN.data_dir) / "mail"
