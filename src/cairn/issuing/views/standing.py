"""Suspend one award, put it in force again, send its link again."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cairn.core.wording.render import outcome_headline
from cairn.issuing import acts, permissions, selectors, sending
from cairn.issuing.changes import Act
from cairn.issuing.views.act_forms import ActForm
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation


@dataclass(frozen=True, slots=True)
class Words:
    """What the page of an act says."""

    title: Promise
    lede: Promise
    button: Promise
    outcome: str  # what whoever checks it reads then
    icon: str


WORDS = {
    Act.WITHDRAW: Words(
        gettext_lazy("Withdraw"),
        gettext_lazy(
            "Withdrawing is final. Whoever looks sees it, with the reason but without your note."
        ),
        gettext_lazy("Withdraw for good"),
        "withdrawn",
        "withdrawn",
    ),
    Act.SUSPEND: Words(
        gettext_lazy("Suspend"),
        gettext_lazy(
            "It does not count for now. Whoever looks sees it, with the reason but without your "
            "note. You can put it in force again."
        ),
        gettext_lazy("Suspend"),
        "suspended",
        "suspended",
    ),
    Act.REINSTATE: Words(
        gettext_lazy("Put in force again"),
        gettext_lazy("It counts again for whoever looks, as if it had never been suspended."),
        gettext_lazy("Put in force again"),
        "in_force",
        "ok",
    ),
    Act.REPLACE: Words(
        gettext_lazy("Move to the newest version"),
        gettext_lazy(
            "Each learner gets a new credential under the newest version and goes on holding it. "
            "The old ones are revoked, and say that they were replaced."
        ),
        gettext_lazy("Sign the new ones"),
        "replaced",
        "replaced",
    ),
}


@member_page(permissions.SUSPEND, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: MemberRequest, organisation: Organisation, award_id: UUID) -> HttpResponse:
    """Suspend one: the reason, then what everybody will read, then the act."""
    return _act(request, organisation, award_id, Act.SUSPEND)


@member_page(permissions.REINSTATE, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def reinstate(request: MemberRequest, organisation: Organisation, award_id: UUID) -> HttpResponse:
    """Put one in force again, in the same three steps."""
    return _act(request, organisation, award_id, Act.REINSTATE)


@member_page(permissions.SEND_AGAIN, Capability.ISSUE)
@require_POST
def send_again(request: MemberRequest, organisation: Organisation, award_id: UUID) -> HttpResponse:
    """Mail the learner of an unclaimed award another link."""
    award = get_object_or_404(selectors.awards_of(organisation), pk=award_id)
    sending.send_again(award=award, actor=request.user, now=timezone.now())
    messages.success(request, _("A new link is on its way. The earlier one closes."))
    return redirect("issuing:detail", organisation.slug, award.id)


def _act(
    request: MemberRequest, organisation: Organisation, award_id: UUID, act: Act
) -> HttpResponse:
    award = get_object_or_404(selectors.awards_of(organisation), pk=award_id)
    form = ActForm(request.POST if request.method == "POST" else None, act=act)
    is_valid = form.is_valid()
    if not (is_valid and acts.was_done(organisation, form.order.act_id)):
        acts.refuse(act, award)
    words = WORDS[act]
    context = {"organisation": organisation, "award": award, "form": form, "words": words}
    if not is_valid:
        status = 422 if form.is_bound else 200
        return render(request, "issuing/act.html", context, status=status)
    if request.POST.get("step") == "confirm":
        acts.act_on(
            issuer=organisation,
            award_ids=[award.id],
            order=form.order,
            actor=request.user,
            now=timezone.now(),
        )
        return redirect("issuing:detail", organisation.slug, award.id)
    if request.POST.get("step") != "edit":
        # The sentence that our own check gives, in the words of whoever looks.
        context["sentence"] = outcome_headline(words.outcome, {}, get_language() or "en")
        context["reason"] = form.reason_label
    return render(request, "issuing/act.html", context)
