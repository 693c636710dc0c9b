"""Another name for a learner: the name, then all that it changes, then the new credentials."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cairn.catalogue.models import AchievementVersion
from cairn.core.errors import Malformed
from cairn.core.wording.render import outcome_headline
from cairn.issuing import acts, permissions, renaming, selectors
from cairn.issuing.acts import MAX_NOTE, Order
from cairn.issuing.changes import Act, reason_label
from cairn.issuing.documents import title_of
from cairn.issuing.models import Award
from cairn.issuing.recipients import MAX_NAME, clean_name
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation


class NameForm(forms.Form):
    """The new name, and a note for the issuer."""

    act_id = forms.UUIDField(widget=forms.HiddenInput)  # drawn once a form: sent twice, done once
    name = forms.CharField(label=gettext_lazy("New name of the learner"), max_length=MAX_NAME)
    note = forms.CharField(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy("Write no old name here: it is kept."),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, name: str = "") -> None:
        super().__init__(data, initial={"act_id": uuid4(), "name": name})

    def clean_name(self) -> str:
        """The name as it will be signed."""
        try:
            return clean_name(self.cleaned_data["name"])
        except Malformed as error:
            raise forms.ValidationError(error.args[0]) from error

    @property
    def order(self) -> Order:
        """What is wanted, of a valid form."""
        said = self.cleaned_data
        return Order(Act.REPLACE, said["act_id"], renaming.NAME, said["note"])


@member_page(permissions.REPLACE, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: MemberRequest, organisation: Organisation, award_id: UUID) -> HttpResponse:
    """Write another name into all awards of whom this one was given to."""
    award = get_object_or_404(selectors.awards_of(organisation), pk=award_id)
    step = request.POST.get("step", "")
    # A wish of the learner opens the form with the name that they ask for.
    is_answered = request.method == "POST" and step != "wish"
    form = NameForm(
        request.POST if is_answered else None, name=request.POST.get("name", "")[:MAX_NAME]
    )
    if form.is_valid() and acts.was_done(organisation, form.order.act_id):
        return redirect("issuing:detail", organisation.slug, award.id)
    awards = renaming.awards_of_person(organisation, award.learner)
    planned = _planned(awards, form) if form.is_valid() else None
    if planned is not None and step == "confirm":
        renaming.rename(
            issuer=organisation,
            learner=award.learner,
            name=form.cleaned_data["name"],
            order=form.order,
            actor=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("The new name stands. New credentials are being signed."))
        return redirect("issuing:detail", organisation.slug, award.id)
    context: dict[str, object] = {
        "organisation": organisation,
        "award": award,
        "form": form,
        "awards": [(each, _title(each.version)) for each in awards],
    }
    if planned is not None and step != "edit":
        context |= {
            "replaced": [(each, _title(each.version)) for each in planned.replaced],
            "recorded": [(each, _title(each.version)) for each in planned.recorded],
            "name": form.cleaned_data["name"],
            "sentence": outcome_headline("replaced", {}, get_language() or "en"),
            "reason": reason_label(Act.REPLACE, renaming.NAME),
        }
    return render(request, "issuing/rename.html", context, status=422 if form.errors else 200)


def _planned(awards: list[Award], form: NameForm) -> renaming.Renaming | None:
    try:
        return renaming.planned_renaming(awards, form.cleaned_data["name"])
    except Malformed as error:
        form.add_error("name", error.args[0])
        return None


def _title(version: AchievementVersion) -> str:
    return title_of(version, get_language() or "en")
