"""Where our accounts differ from allauth's own: addresses, names, sessions, mail that fails."""

from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import get_language

from cairn.core.errors import Malformed
from cairn.people.addresses import canonical_address
from cairn.people.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Hooks that allauth calls."""

    def clean_email(self, email: str) -> str:
        try:
            return canonical_address(email)
        except Malformed as error:
            raise ValidationError(str(error)) from None

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", "").strip()
        user.language = get_language() or settings.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in; without "stay signed in" the session ends with the browser's."""
        super().login(request, user)
        request.session.set_expiry(
            settings.SESSION_COOKIE_AGE if request.POST.get("remember") else 0
        )

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """The ways to show once more who one is; a passkey is the first that is offered."""
        ways: list[dict[str, str]] = super().get_reauthentication_methods(user)
        return sorted(ways, key=lambda way: not way["id"].endswith(":webauthn"))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; if that fails say so, instead of waiting for a code that never comes."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            page = render(self.request, "people/mail_failed.html", status=503)
            raise ImmediateHttpResponse(page) from error
