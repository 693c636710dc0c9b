"""Repeated rows, without scripts: two empty ones are always there, and an empty row is none."""

from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.content import MAX_ROWS
from cairn.catalogue.forms.choices import RESULT_TYPES
from cairn.catalogue.forms.fields import LineField
from cairn.core.openbadges.rules import IRI


class _Row(forms.Form):
    NEEDED: tuple[str, ...] = ()

    def _declare(self, **declared: forms.Field) -> None:
        # Named as the terms of Open Badges, which are no names for attributes of a class.
        for name, field in declared.items():
            field.is_asked_later = True  # type: ignore[attr-defined] # "optional" would say little
            self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name in self.NEEDED:
            if any(given.values()) and not given.get(name) and name not in self.errors:
                self.add_error(name, now_("Fill this in, or empty the row."))
        return given


class AlignmentForm(_Row):
    """A skill or a standard that the achievement stands for."""

    NEEDED = ("targetName", "targetUrl")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._declare(
            targetName=LineField(label=_("Name")),
            targetUrl=LineField(label=_("Its address (URL)"), max_length=2_000),
            targetFramework=LineField(label=_("Framework")),
            targetCode=LineField(label=_("Code")),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        url = given.get("targetUrl")
        is_web = str(url).startswith(("https://", "http://"))
        if url and (not is_web or IRI.flaw(url)):
            self.add_error("targetUrl", now_("Enter an address that begins with https://"))
        return given


class ResultForm(_Row):
    """A kind of result that awards carry."""

    NEEDED = ("name", "resultType")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = forms.ChoiceField(label=_("Kind"), choices=RESULT_TYPES, required=False)
        self._declare(
            name=LineField(label=_("Name")),
            resultType=kind,
            valueMin=LineField(label=_("Lowest value")),
            valueMax=LineField(label=_("Highest value")),
            allowedValue=LineField(
                label=_("Or its values, lowest first, with commas"), max_length=1_000
            ),
            requiredValue=LineField(label=_("Needed to pass")),
        )


Alignments = forms.formset_factory(AlignmentForm, extra=2, max_num=MAX_ROWS, absolute_max=60)
Results = forms.formset_factory(ResultForm, extra=2, max_num=MAX_ROWS, absolute_max=60)
