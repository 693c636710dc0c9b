"""Fields that several forms of the catalogue use."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as now_

from cairn.catalogue.content import MAX_NAME, MAX_TEXT, line_flaw
from cairn.core.errors import Malformed
from cairn.core.openbadges.rules import text_flaw
from cairn.platform import storage
from cairn.platform.images import MAX_BYTES, square_png


class LineField(forms.CharField):
    """A text on one line; line breaks and control characters are refused, not removed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_NAME, "required": False, **kwargs})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and line_flaw(value, self.max_length or MAX_NAME):
            raise ValidationError(now_("Write it on one line, without hidden characters."))


class ProseField(forms.CharField):
    """A text on several lines, with the line breaks of its sender made plain."""

    def __init__(self, *, rows: int = 4, lang: str = "", **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, **({"lang": lang} if lang else {})})
        super().__init__(**{"required": False, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value or "") > MAX_TEXT:
            raise ValidationError(
                now_("Shorten it to %(most)s characters; it has %(length)s.")
                % {"most": MAX_TEXT, "length": len(value)}
            )
        if value and text_flaw(value, MAX_TEXT):
            raise ValidationError(
                now_("There is a character in it that cannot be signed. Type it again by hand.")
            )


class CreditsField(forms.DecimalField):
    """A number of credits; both 2.5 and 2,5 are understood."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(max_digits=5, decimal_places=1, **{"widget": widget, **kwargs})

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class CountField(forms.IntegerField):
    """A whole number above zero."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        super().__init__(min_value=1, **{"widget": widget, "required": False, **kwargs})


class PictureField(forms.FileField):
    """A picture file; its value is the SHA-256 of the square PNG that was kept of it, or ""."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"})
        super().__init__(**{"required": False, "widget": widget, **kwargs})

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if not isinstance(upload, UploadedFile):
            return ""
        try:
            # One byte over the bound says enough; the rest is not read.
            return storage.keep(square_png(upload.read(MAX_BYTES + 1)))
        except Malformed as err:
            raise ValidationError(str(err)) from err

    def clean(self, data: Any, initial: Any = None) -> Any:
        return self.to_python(data)
