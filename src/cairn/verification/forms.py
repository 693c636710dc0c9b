"""What the page of the checker takes: files, a link or text, and whom to compare with."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cairn.verification.requests import MAX_CLAIM
from cairn.verification.services import MAX_BYTES

MAX_FILES = 50
MAX_MEGABYTES = MAX_BYTES // 2**20
_ENDINGS = ".json,.jsonld,.jwt,.txt,.png,.svg,.pdf,.zip,.jpg,.jpeg,.webp,.gif"


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, none of them required by itself."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[bytes]"]:
        """The files that came, empty ones too: the checker says what they are."""
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        files = [file for file in given if file]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(
                _("Choose at most %(most)s files, or put them into one ZIP."),
                params={"most": MAX_FILES},
            )
        return files


class VerifyForm(forms.Form):
    """One of three ways to bring a credential; at least one is needed."""

    file = FilesField(
        required=False,
        label=_("Drop the file here, or choose it"),
        help_text=_(
            "PDF, PNG, SVG, JSON, JWT or ZIP, up to 10 MB. A screenshot or scan holds no "
            "credential, but its QR code can be read."
        ),
        widget=_FilesInput(attrs={"accept": _ENDINGS, "multiple": True}),
    )
    link = forms.URLField(
        required=False,
        assume_scheme="https",
        max_length=2000,
        label=_("Or its link"),
        widget=forms.URLInput(attrs={"placeholder": "https://…", "inputmode": "url"}),
    )
    text = forms.CharField(
        required=False,
        label=_("Or its text"),
        help_text=_("Begins with { or with eyJ."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"}),
    )
    name = forms.CharField(
        required=False,
        max_length=MAX_CLAIM,
        label=_("Name that you were given"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.CharField(
        required=False,
        max_length=MAX_CLAIM,
        label=_("E-mail address that you were given"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("link", "text"):  # one way of three: "optional" would say too little
            self.fields[name].is_asked_later = True  # type: ignore[attr-defined] # a template's

    def clean(self) -> dict[str, Any]:
        """At least one way was used."""
        given = super().clean() or {}
        if not self.errors and not (given.get("file") or given.get("link") or given.get("text")):
            self.add_error("file", _("Choose a file, or give a link or the text."))
        return given
