"""A signed form as a person can read it on a page; the bytes themselves are for download."""

import json
from dataclasses import dataclass

from cairn.core.codec import base64url, strict_json
from cairn.issuing.models import SignedForm


@dataclass(frozen=True, slots=True)
class ShownForm:
    """One form: `text` is laid out for reading; a token's is what it carries."""

    name: str  # as in the address of its download
    title: str
    sha256: str
    key_fragment: str
    text: str
    token: str  # "" if it is JSON


def shown_form(form: SignedForm) -> ShownForm:
    """`form`, laid out."""
    body = bytes(form.body)
    token = "" if form.form == SignedForm.Form.DATA_INTEGRITY else body.decode("ascii")
    said = base64url.decode(token.split(".")[1]) if token else body
    text = json.dumps(strict_json.read(said), ensure_ascii=False, indent=2)
    title = str(SignedForm.Form(form.form).label)
    return ShownForm(form.form, title, form.sha256, form.key_fragment, text, token)
