"""Where our second factors differ from allauth's own: names, words, sealing, the QR code."""

import io
from typing import Any

import segno
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import Malformed
from cairn.people.models import User
from cairn.people.sealing import seal, unseal

_QUIET_MODULES = 4  # ISO/IEC 18004:2015, section 6.3.8


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """Hooks that allauth calls."""

    error_messages = {  # noqa: RUF012 - as allauth declares it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "That was not accepted. Try again; a code of an app changes every 30 seconds."
        ),
        "unverified_email": gettext_lazy(
            "Confirm all your e-mail addresses first, or remove those you do not use."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes belong to a passkey or an app. Add one of them first."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, _master())

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, _master())

    def get_totp_issuer(self) -> str:
        return f"Cairn {settings.CAIRN.host}"

    def build_totp_svg(self, url: str) -> str:
        """An SVG drawing, black on white, sized by its viewBox; no style that a policy refuses."""
        output = io.BytesIO()
        segno.make(url, error="m", micro=False, boost_error=False).save(
            output,
            kind="svg",
            border=_QUIET_MODULES,
            light="white",
            xmldecl=False,
            omitsize=True,
            svgclass="qr",
            lineclass=None,
        )
        return output.getvalue().decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1} if count else _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who asks: the host of the base address, never one that a request names."""
        return {"id": settings.CAIRN.host.partition(":")[0], "name": f"Cairn {settings.CAIRN.host}"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        # allauth finds who signs in by this id; a device shows name and display name.
        return {
            "id": str(user.pk).encode(),
            "display_name": str(user),
            "name": EmailAddress.objects.get_primary_email(user) or user.email,
        }


def _master() -> bytes:
    secret = settings.CAIRN.master_key
    if secret is None:
        raise Malformed("CAIRN_MASTER_KEY is not set; make one with cairn keys master")
    return bytes(secret)
