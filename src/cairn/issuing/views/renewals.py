"""Renewals: which achievements are renewed and how, what ends soon, and a set of it renewed."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.catalogue.models import Achievement, AchievementVersion
from cairn.core.errors import Conflict
from cairn.core.wording.render import outcome_headline
from cairn.issuing import acts, permissions, renewing, replacing, selectors
from cairn.issuing.documents import title_of
from cairn.issuing.renewal_forms import RenewForm, RuleForm
from cairn.issuing.renewal_rules import RenewalRule
from cairn.issuing.views.sets import NAMED, Chosen, found_by, wanted
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def renewals(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """The achievements whose credentials end, how each is renewed, and how many could be now."""
    versions = _that_end(organisation)
    rules = {
        rule.achievement_id: rule
        for rule in RenewalRule.objects.filter(achievement__in=versions.keys())
    }
    found = renewing.renewable(organisation, timezone.now())
    number = Counter(found.order_by().values_list("version__achievement", flat=True))
    language = get_language() or "en"
    context = {
        "organisation": organisation,
        "rows": [
            (version, title_of(version, language), rules.get(achievement), number[achievement])
            for achievement, version in versions.items()
        ],
        "may_edit": not permissions.EDIT_RENEWAL.roles.isdisjoint(request.roles),
        "may_renew": not permissions.REPLACE.roles.isdisjoint(request.roles),
    }
    return render(request, "issuing/renewals.html", context)


@member_page(permissions.EDIT_RENEWAL, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: MemberRequest, organisation: Organisation, achievement_id: UUID) -> HttpResponse:
    """How one achievement is renewed."""
    achievement = get_object_or_404(Achievement, pk=achievement_id, creator=organisation)
    version = _that_end(organisation).get(achievement.id)
    if version is None:
        raise Conflict(_("credentials of it have no end; there is nothing to renew"))
    now_is = renewing.rule_of(achievement) or RenewalRule(achievement=achievement)
    form = RuleForm(achievement, now_is, request.POST if request.method == "POST" else None)
    if form.is_valid():
        renewing.set_rule(rule=form.rule, actor=request.user, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("issuing:renewals", organisation.slug)
    context = {
        "organisation": organisation,
        "form": form,
        "title": title_of(version, get_language() or "en"),
        "months": version.valid_for_months,
    }
    return render(request, "issuing/renewal_rule.html", context, status=422 if form.errors else 200)


@member_page(permissions.REPLACE, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Renew the ticked awards, those that a search found, or all of an achievement that may be."""
    said = request.POST if request.method == "POST" else request.GET
    form = RenewForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and acts.was_done(organisation, form.order.act_id):
        return redirect("issuing:renewals", organisation.slug)
    now = timezone.now()
    chosen = _chosen(organisation, said, now)
    if form.is_valid() and said.get("step") == "confirm":
        return _confirmed(request, organisation, chosen, form, now)
    context = {
        "organisation": organisation,
        "form": form,
        "chosen": chosen,
        "named": chosen.awards[:NAMED],
        "unnamed": max(0, len(chosen.awards) - NAMED),
        "terms": [(award, renewing.renewed_term(award, now)) for award in chosen.awards[:NAMED]],
        "wanted": [(name, each) for name, values in _wanted(said).items() for each in values],
        "sentence": outcome_headline("replaced", {}, get_language() or "en"),
    }
    return render(request, "issuing/renew.html", context, status=422 if form.errors else 200)


def _confirmed(
    request: MemberRequest,
    organisation: Organisation,
    chosen: Chosen,
    form: RenewForm,
    now: datetime,
) -> HttpResponse:
    if request.POST.get("digest") != chosen.digest:
        raise Conflict(_("these awards changed since you looked; look at the set again"))
    ids = [award.id for award in chosen.awards]
    renewing.renew_awards(
        issuer=organisation, award_ids=ids, order=form.order, actor=request.user, now=now
    )
    text = ngettext("%(n)d award is renewed.", "%(n)d awards are renewed.", len(ids))
    messages.success(request, text % {"n": len(ids)})
    return redirect("issuing:renewals", organisation.slug)


def _wanted(said: QueryDict) -> dict[str, list[str]]:
    chosen = {"achievement": said.getlist("achievement")} if said.get("achievement") else {}
    return {**wanted(said), **chosen}


def _chosen(organisation: Organisation, said: QueryDict, now: datetime) -> Chosen:
    found = renewing.renewable(organisation, now)
    if achievement := said.get("achievement"):
        known = {str(each): each for each in _that_end(organisation)}
        found = found.filter(version__achievement=known.get(achievement))
        awards = list(found[: replacing.MOVED_AT_MOST])
        number = len(awards)
    else:
        searched = found_by(organisation, said, acts.AT_MOST)
        number = len(searched)
        awards = list(found.filter(pk__in=[award.id for award in searched]))
        awards = awards[: replacing.MOVED_AT_MOST]
    returned = selectors.handed_back([award.id for award in awards])
    possible = sorted(
        (award for award in awards if award.id not in returned), key=lambda award: award.id
    )
    return Chosen(possible, number - len(possible))


def _that_end(organisation: Organisation) -> dict[UUID, AchievementVersion]:
    """By achievement, the newest published version, of those that has an end.  1 query."""
    versions = AchievementVersion.objects.filter(
        achievement__creator=organisation,
        state=AchievementVersion.State.PUBLISHED,
        valid_for_months__isnull=False,
    )
    return {
        version.achievement_id: version
        for version in versions.select_related("achievement__creator").order_by("number")
    }
