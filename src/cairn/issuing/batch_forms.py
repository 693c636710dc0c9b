"""Forms of bulk awards: a table to upload, how it is read, what its columns mean, who is who."""

from collections.abc import Iterable
from typing import IO, Any
from uuid import UUID, uuid4

from django import forms  # noqa: TID251 - `forms` is full, and these are of another desk
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.models import AchievementVersion, Offering
from cairn.catalogue.presentation import language_name
from cairn.core.openbadges.headings import IGNORE
from cairn.core.openbadges.table import ReadAs
from cairn.issuing.batches.reading import HINT_COLUMNS, read_columns
from cairn.issuing.batches.reports import fields_of
from cairn.issuing.documents import Described, languages_of
from cairn.issuing.models import Batch, BatchRow

MAX_FILE = 30 * 2**20  # bytes; the server reads no larger request
_ENCODINGS: dict[str, Any] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": _("Windows, Western Europe"),
    "cp1250": _("Windows, Central Europe"),
    "cp1254": _("Windows, Turkish"),
    "mac-roman": "Macintosh",
}
SEPARATORS = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}


NAMES_OF_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}  # in a form


class UploadForm(forms.Form):
    """A table of people for `version`."""

    batch_id = forms.UUIDField(widget=forms.HiddenInput)  # drawn once a form: sent twice, made once
    file = forms.FileField(
        label=_("Table of people"),
        help_text=_("An Excel workbook (.xlsx) or CSV: one row a person, names of columns on top."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,text/csv"}),
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

    def clean_file(self) -> IO[bytes]:
        """The file of the table, as it came: in memory if it is small, else on disk."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise ValidationError(_("The file is larger than 30 MB. Split it."))
        self.file_name = str(file.name)
        opened: IO[bytes] = file.file
        return opened

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


class ReadAsForm(forms.Form):
    """How the file of a batch is read, where what was found out is not right."""

    def __init__(self, data: Any = None, *, batch: Batch) -> None:
        super().__init__(data)
        source = batch.source
        if source.kind == source.Kind.XLSX:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Sheet"),
                choices=[(name, name) for name in source.sheets],
                initial=source.sheet or next(iter(source.sheets), ""),
            )
            return
        self.fields["encoding"] = forms.ChoiceField(
            label=_("Encoding"),
            help_text=_("Choose another one if names with accents look wrong."),
            choices=list(_ENCODINGS.items()),
            initial=batch.encoding,
        )
        self.fields["separator"] = forms.ChoiceField(
            label=_("Separator of cells"),
            choices=[(NAMES_OF_SEPARATORS[sign], name) for sign, name in SEPARATORS.items()],
            initial=NAMES_OF_SEPARATORS.get(batch.separator),
        )

    @property
    def read_as(self) -> ReadAs:
        """What was chosen, of a valid form."""
        said = self.cleaned_data
        signs = {name: sign for sign, name in NAMES_OF_SEPARATORS.items()}
        return ReadAs(
            said.get("encoding", ""),
            signs.get(said.get("separator", ""), ""),
            said.get("sheet", ""),
        )


class AddressesForm(forms.Form):
    """Which address counts for the learners of `rows`, whose number is known under another one."""

    others = forms.ChoiceField(
        label=_("All the others"),
        required=False,
        choices=[("", _("Leave them out")), *BatchRow.Address.choices],
    )

    def __init__(self, data: Any = None, *, rows: Iterable[BatchRow]) -> None:
        super().__init__(data)
        choices = [("", _("Leave it out")), *BatchRow.Address.choices]
        for row in rows:
            self.fields[f"row_{row.number}"] = forms.ChoiceField(
                label=_("Row %(number)s: %(email)s") % {"number": row.number, "email": row.email},
                help_text="; ".join(problem["problem"] for problem in row.problems),
                required=False,
                choices=choices,
            )
        self.order_fields([*(name for name in self.fields if name != "others"), "others"])

    @property
    def choices(self) -> dict[int, str]:
        """What was chosen for single rows, by their number, of a valid form."""
        return {
            int(name.removeprefix("row_")): said
            for name, said in self.cleaned_data.items()
            if name != "others" and said
        }
