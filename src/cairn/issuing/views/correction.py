"""Correct one award: what it should say, then what that changes, then the new credential."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cairn.catalogue.content import Content
from cairn.catalogue.presentation import Change, changes
from cairn.core.wording.render import outcome_headline
from cairn.issuing import acts, permissions, replacing, selectors
from cairn.issuing.documents import results_in_words, title_of
from cairn.issuing.models import Award
from cairn.issuing.views.act_forms import CorrectionForm
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation

Row = tuple[str, str, str]  # what, before, after


@member_page(permissions.REPLACE, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: MemberRequest, organisation: Organisation, award_id: UUID) -> HttpResponse:
    """Replace the credential of one award."""
    award = get_object_or_404(selectors.awards_of(organisation), pk=award_id)
    newer = list(selectors.newer_versions(award))
    wanted = request.GET.get("version", "")
    version = next((each for each in newer if str(each.number) == wanted), award.version)
    replacing.refuse_version(award, version)
    form = CorrectionForm(
        request.POST if request.method == "POST" else None, award=award, version=version
    )
    is_valid = form.is_valid()
    if is_valid and acts.was_done(organisation, form.order.act_id):
        return redirect("issuing:detail", organisation.slug, award.id)
    replacing.refuse_replacement(award)
    rows = _rows(award, form) if is_valid else []
    differing = _differing(award, form)
    if is_valid and not rows and not differing:
        form.add_error(None, _("This is what the credential says now. Change something."))
        is_valid = False
    context = {
        "organisation": organisation,
        "award": award,
        "version": version,
        "newer": [each for each in newer if each.id != version.id],
        "title": title_of(version, award.language),
        "form": form,
    }
    step = request.POST.get("step")
    if is_valid and step == "confirm":
        replacing.replace_award(
            award=award,
            correction=form.correction,
            order=form.order,
            actor=request.user,
            now=timezone.now(),
        )
        return redirect("issuing:detail", organisation.slug, award.id)
    if is_valid and step != "edit":
        context |= {
            "rows": rows,
            "changes": differing,
            "sentence": outcome_headline("replaced", {}, get_language() or "en"),
            "reason": form.reason_label,
            "is_claimed": selectors.is_claimed(award),
        }
        return render(request, "issuing/correct_preview.html", context)
    status = 422 if form.errors else 200
    return render(request, "issuing/correct.html", context, status=status)


def _differing(award: Award, form: CorrectionForm) -> list[Change]:
    if form.version.id == award.version_id:
        return []
    return changes(Content.of(award.version), Content.of(form.version))[0]


def _rows(award: Award, form: CorrectionForm) -> list[Row]:
    said = form.correction
    before = dict(results_in_words(award.version, award.results))
    after = dict(results_in_words(form.version, said.achieved.results))
    found: list[Row] = [
        (_("Name of the learner"), award.recipient_name, said.name),
        (_("What this learner did"), award.narrative, said.achieved.narrative.strip()),
        (_("Address of evidence"), award.evidence_url, said.achieved.evidence_url),
        (_("Name of the evidence"), award.evidence_name, said.achieved.evidence_name),
        *((name, before.get(name, ""), after.get(name, "")) for name in {**before, **after}),
        (_("Holds from"), _day(form, award.valid_from), _day(form, said.valid_from)),
        (_("Holds until"), _day(form, award.valid_until), _day(form, said.valid_until)),
    ]
    return [row for row in found if row[1] != row[2]]


def _day(form: CorrectionForm, moment: datetime | None) -> str:
    if moment is None:
        return _("without an end")
    return str(date_format(moment.astimezone(form.zone), "j F Y"))
