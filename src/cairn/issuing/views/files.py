"""Choose awards by a file, see which rows match and which don't, then act on them as on a set."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cairn.catalogue.models import AchievementVersion
from cairn.core.errors import Malformed
from cairn.issuing import by_file, permissions, selectors
from cairn.issuing.changes import Act
from cairn.issuing.documents import title_of
from cairn.issuing.views.sets import NAMED
from cairn.issuing.views.standing import WORDS
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation

MAX_FILE = 5 * 2**20  # bytes
_SHOWN = 100  # problems; of a longer list the rest is counted
_ACTS = (Act.WITHDRAW, Act.SUSPEND, Act.REINSTATE)


class FileForm(forms.Form):
    """A list of credentials or people."""

    file = forms.FileField(
        label=gettext_lazy("List of credentials or people"),
        help_text=gettext_lazy(
            "CSV or Excel (.xlsx). In the first column of each row the address of a credential, "
            "its number, an e-mail address or a student number."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,text/csv"}),
    )
    achievement = forms.TypedChoiceField(
        label=gettext_lazy("Only awards of"), required=False, coerce=UUID, empty_value=None
    )

    def __init__(self, organisation: Organisation, *args: Any) -> None:
        super().__init__(*args)
        field = self.fields["achievement"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("any achievement")), *_achievements(organisation)]

    def clean_file(self) -> bytes:
        """The bytes, if they are few enough."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it."))
        return bytes(file.read())


@member_page(permissions.WITHDRAW, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def choose_by_file(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Read a list; what it names goes on to the preview of an act."""
    form = FileForm(
        organisation, *((request.POST, request.FILES) if request.method == "POST" else ())
    )
    named = _named(organisation, form) if form.is_valid() else None
    context: dict[str, object] = {"organisation": organisation, "form": form}
    if named is not None:
        first = selectors.awards_of(organisation).filter(pk__in=named.award_ids[:NAMED])
        context |= {
            "named": named,
            "first": first,
            "unnamed": max(0, len(named.award_ids) - NAMED),
            "problems": named.problems[:_SHOWN],
            "more_problems": max(0, len(named.problems) - _SHOWN),
            "chosen": ",".join(str(each) for each in named.award_ids),
            "acts": [(f"issuing:set_{act}", WORDS[act].title) for act in _ACTS],
        }
    return render(request, "issuing/acts_by_file.html", context, status=422 if form.errors else 200)


def _named(organisation: Organisation, form: FileForm) -> by_file.Named | None:
    said = form.cleaned_data
    try:
        return by_file.read(organisation, said["file"], said["achievement"])
    except Malformed as error:
        form.add_error("file", str(error))
        return None


def _achievements(organisation: Organisation) -> list[tuple[str, str]]:
    versions = AchievementVersion.objects.filter(
        achievement__creator=organisation, state=AchievementVersion.State.PUBLISHED
    ).order_by("number")
    language = get_language() or "en"
    titles = {str(version.achievement_id): title_of(version, language) for version in versions}
    return sorted(titles.items(), key=lambda each: each[1])
