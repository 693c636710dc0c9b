"""Forms of bulk awards: a table to upload, and what its columns mean."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms  # noqa: TID251 - `forms` is full, and these are of another desk
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.models import AchievementVersion, Offering
from cairn.catalogue.presentation import language_name
from cairn.core.openbadges.headings import IGNORE
from cairn.issuing.batches.reading import HINT_COLUMNS, read_columns
from cairn.issuing.batches.reports import fields_of
from cairn.issuing.documents import Described, languages_of
from cairn.issuing.models import Batch

MAX_FILE = 12 * 2**20  # bytes


class UploadForm(forms.Form):
    """A table of people for `version`."""

    batch_id = forms.UUIDField(widget=forms.HiddenInput)  # drawn once a form: sent twice, made once
    file = forms.FileField(
        label=_("Table of people"),
        help_text=_("CSV as a spreadsheet saves it, one row a person, names of columns on top."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )
    offering = forms.ChoiceField(label=_("Run"), required=False)
    language = forms.ChoiceField(
        label=_("Language of the credentials"),
        help_text=_("A signed credential is in one language, and so is the mail about it."),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        version: AchievementVersion,
        runs: Iterable[Offering],
    ) -> None:
        initial = {"batch_id": uuid4(), "language": version.language}
        super().__init__(data, files, initial=initial)
        self.runs = {str(run.id): run for run in runs}
        offering, language = self.fields["offering"], self.fields["language"]
        assert isinstance(offering, forms.ChoiceField)  # noqa: S101 - as declared above
        assert isinstance(language, forms.ChoiceField)  # noqa: S101 - as declared above
        named = [(key, run.name) for key, run in self.runs.items()]
        offering.choices = [("", _("No particular run")), *named]
        language.choices = [(code, language_name(code)) for code in languages_of(version)]

    def clean_file(self) -> bytes:
        """The bytes of the table."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise ValidationError(_("The file is larger than 12 MB. Split it."))
        self.file_name = str(file.name)
        return bytes(file.read())

    def clean_offering(self) -> Offering | None:
        """The run, None for none."""
        return self.runs.get(self.cleaned_data["offering"])

    @property
    def batch_key(self) -> UUID:
        """The id that the batch gets."""
        key: UUID = self.cleaned_data["batch_id"]
        return key


class ColumnsForm(forms.Form):
    """What each column of a batch fills; a select for each, by its place."""

    def __init__(self, data: Any = None, *, batch: Batch) -> None:
        super().__init__(data)
        described = Described.of(batch.version, batch.language, batch.issuer)
        known = {one.index: one for one in read_columns(batch, described).columns}
        fields = fields_of(batch.version, batch.language)
        choices = [
            ("", _("Choose …")),
            (IGNORE, _("Leave this column out")),
            *((name, f"{name} – {text}") for name, text in fields),
        ]
        self.batch = batch
        for index, heading in enumerate(batch.header):
            if heading in HINT_COLUMNS:
                continue
            column = known.get(index)
            described_as = column.description if column else None
            meant = column.field if column else batch.mapping.get(heading, "")
            initial = f"{meant}:{described_as.name}" if described_as else meant
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=heading or _("(no heading)"), choices=choices, initial=initial
            )

    @property
    def mapping(self) -> dict[str, str]:
        """From heading to field, of a valid form."""
        return {
            heading: self.cleaned_data[f"column_{index}"]
            for index, heading in enumerate(self.batch.header)
            if f"column_{index}" in self.cleaned_data
        }
