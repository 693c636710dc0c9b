"""One act on many awards: the ticked ones, or all that a search found.

Three steps as with one award.  The last carries a digest of what the preview showed: if another set
would be acted on by then, nothing is done.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cairn.catalogue.content import Content
from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.presentation import changes
from cairn.core.errors import Conflict, Malformed
from cairn.core.wording.render import outcome_headline
from cairn.issuing import acts, permissions, replacing, selectors
from cairn.issuing.changes import Act
from cairn.issuing.documents import languages_of, title_of
from cairn.issuing.models import Award
from cairn.issuing.views.act_forms import ActForm
from cairn.issuing.views.standing import WORDS
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation

NAMED = 20  # of a longer list the rest is counted


@dataclass(frozen=True, slots=True)
class Chosen:
    """The awards of a set that an act can be done to, and how many it can't."""

    awards: list[Award]
    skipped: int
    version: AchievementVersion | None = None  # to which they are moved

    @property
    def digest(self) -> str:
        """The same for the same awards and version."""
        parts = [str(self.version.id if self.version else ""), *(str(a.id) for a in self.awards)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@member_page(permissions.WITHDRAW, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Withdraw a set for good."""
    return _act(request, organisation, Act.WITHDRAW)


@member_page(permissions.SUSPEND, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Suspend a set."""
    return _act(request, organisation, Act.SUSPEND)


@member_page(permissions.REINSTATE, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def reinstate(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Put a set in force again."""
    return _act(request, organisation, Act.REINSTATE)


@member_page(permissions.REPLACE, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Move a set to the newest version of its achievement."""
    return _act(request, organisation, Act.REPLACE)


def _act(request: MemberRequest, organisation: Organisation, act: Act) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    # A file was read and names the awards: what is to be done with them is not said yet.
    is_said = request.method == "POST" and said.get("step") != "choose"
    form = ActForm(request.POST if is_said else None, act=act)
    back = back_to(organisation, said)
    if form.is_valid() and acts.was_done(organisation, form.order.act_id):
        return redirect("issuing:awards", organisation.slug)
    chosen = _chosen(organisation, act, said)
    if form.is_valid() and said.get("step") == "confirm":
        return _confirmed(request, organisation, chosen, form)
    context = {
        "organisation": organisation,
        "form": form,
        "words": WORDS[act],
        "act": act,
        "chosen": chosen,
        "named": chosen.awards[:NAMED],
        "unnamed": max(0, len(chosen.awards) - NAMED),
        "wanted": [(name, each) for name, values in wanted(said).items() for each in values],
        "back": back,
        "changes": _differences(chosen),
        "title": title_of(chosen.version, get_language() or "en") if chosen.version else "",
    }
    if form.is_valid() and said.get("step") != "edit" and chosen.awards:
        context["sentence"] = outcome_headline(WORDS[act].outcome, {}, get_language() or "en")
        context["reason"] = form.reason_label
        context["told"], context["untold"] = _told(chosen.awards)
    return render(request, "issuing/set.html", context, status=422 if form.errors else 200)


def _confirmed(
    request: MemberRequest, organisation: Organisation, chosen: Chosen, form: ActForm
) -> HttpResponse:
    if request.POST.get("digest") != chosen.digest:
        raise Conflict(_("these awards changed since you looked; look at the set again"))
    ids = [award.id for award in chosen.awards]
    now = timezone.now()
    if chosen.version is not None:
        replacing.move_awards(
            issuer=organisation,
            award_ids=ids,
            version=chosen.version,
            order=form.order,
            actor=request.user,
            now=now,
        )
    else:
        acts.act_on(
            issuer=organisation, award_ids=ids, order=form.order, actor=request.user, now=now
        )
    text = ngettext("Done for %(n)d award.", "Done for %(n)d awards.", len(ids)) % {"n": len(ids)}
    messages.success(request, text)
    return redirect("issuing:awards", organisation.slug)


def back_to(organisation: Organisation, said: QueryDict) -> str:
    """The list with the search from which the set was chosen."""
    kept = {name: values for name, values in wanted(said).items() if name != "award"}
    return f"{reverse('issuing:awards', args=[organisation.slug])}?{urlencode(kept, doseq=True)}"


def wanted(said: QueryDict) -> Mapping[str, list[str]]:
    """What chooses the set: ticked awards, else a search."""
    names = ("award", "q", "state", "batch")
    return {name: said.getlist(name) for name in names if said.get(name)}


def found_by(organisation: Organisation, said: QueryDict, at_most: int) -> list[Award]:
    """The set, in the order of ids.  3 queries at most.  Raises `Malformed` for too large a one."""
    state = said.get("state", "")
    batch = next(iter(_ids([str(said["batch"])])), None) if said.get("batch") else None
    found = selectors.awards_of(
        organisation, said.get("q", ""), state if state in Award.State.values else "", batch
    )
    if ticked := said.getlist("award"):
        found = selectors.awards_of(organisation).filter(pk__in=_ids(ticked))
    awards = sorted(found[: at_most + 1], key=lambda award: award.id)
    if len(awards) > at_most:
        raise Malformed(
            _("more than %(most)s awards are chosen; search for fewer at a time")
            % {"most": at_most}
        )
    return awards


def _chosen(organisation: Organisation, act: Act, said: QueryDict) -> Chosen:
    awards = found_by(
        organisation, said, replacing.MOVED_AT_MOST if act is Act.REPLACE else acts.AT_MOST
    )
    if act is Act.REPLACE:
        return _movable(awards)
    possible = [award for award in awards if acts.is_possible(act, award)]
    return Chosen(possible, len(awards) - len(possible))


def _movable(awards: list[Award]) -> Chosen:
    """Those that the newest version of their achievement can be given to; of one achievement."""
    if len({award.version.achievement_id for award in awards}) > 1:
        raise Malformed(_("these awards are of several achievements; search for the name of one"))
    oldest = min(awards, key=lambda award: award.version.number, default=None)
    version = selectors.newer_versions(oldest).first() if oldest is not None else None
    if version is None:
        raise Conflict(_("there is no newer version; have one published first"))
    languages = languages_of(version)
    returned = selectors.handed_back([award.id for award in awards])
    possible = [
        award
        for award in awards
        if award.state == Award.State.ISSUED
        and award.version.number < version.number
        and award.language in languages
        and award.id not in returned
    ]
    return Chosen(possible, len(awards) - len(possible), version)


def _told(awards: list[Award]) -> tuple[int, int]:
    """How many of these a learner has claimed, and how many not.  1 query."""
    last = selectors.last_told([award.id for award in awards])
    claimed = sum(kind == "credential.claimed" for kind in last.values())
    return claimed, len(awards) - claimed


def _differences(chosen: Chosen) -> list[object]:
    """What the newest version says otherwise than the oldest of the set."""
    if chosen.version is None or not chosen.awards:
        return []
    before = min(chosen.awards, key=lambda award: award.version.number).version
    return list(changes(Content.of(before), Content.of(chosen.version))[0])


def _ids(ticked: list[str]) -> list[UUID]:
    # A file can choose more awards than a form may have fields: one field then has many.
    try:
        return [UUID(each) for some in ticked for each in some.split(",")]
    except ValueError as err:
        raise Malformed(_("is no number of an award")) from err
