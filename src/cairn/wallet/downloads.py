"""A credential as files: which there are, what they are called and how they are made."""

from dataclasses import dataclass
from typing import Literal

from django.utils.text import slugify
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict
from cairn.issuing.models import Credential, SignedForm
from cairn.issuing.selectors import form_body
from cairn.wallet import pdf, selectors
from cairn.wallet.facts import title_of
from cairn.wallet.models import Holding

Extension = Literal["pdf", "json", "jwt", "vc.jwt"]
_FORMS = {
    "json": (SignedForm.Form.DATA_INTEGRITY, "application/vc"),
    "jwt": (SignedForm.Form.OPEN_BADGES_JWT, "application/jwt"),
    "vc.jwt": (SignedForm.Form.VC_JWT, "application/vc+jwt"),
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file for whoever may see the credential."""

    body: bytes
    content_type: str
    name: str


def download(holding: Holding, credential: Credential, extension: str) -> Download | None:
    """The file with this extension; None if there is no such.  Signed forms are as stored."""
    name = f"{slugify(title_of(holding.award)) or 'credential'}.{extension}"
    if extension == "pdf":
        signed, badge = selectors.for_pdf(holding, credential)
        return Download(pdf.document(holding.award, signed, badge), "application/pdf", name)
    if extension not in _FORMS:
        return None
    form, content_type = _FORMS[extension]
    body = form_body(credential, form)
    if body is None:  # the RS256 token of a bulk award is signed after the other forms
        raise Conflict(_("This file is still being made. Look again in a minute."))
    return Download(body, content_type, name)
