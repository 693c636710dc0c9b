"""Signed approvals in the console: what needs them, whose passkeys give them, and giving one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cairn.catalogue.models import Achievement
from cairn.core.errors import Malformed
from cairn.issuing import approver_keys, approver_pages, high_stakes, permissions
from cairn.issuing.approvals import ApproverKey
from cairn.issuing.batches import approval, selectors
from cairn.issuing.batches.signed_approval import approve_with_passkey
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def approvals(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Which achievements need a signed approval, and which passkeys may give it."""
    now = timezone.now()
    context = {
        "organisation": organisation,
        "rules": approver_pages.rules(organisation, get_language() or "en", now),
        "keys": approver_pages.keys(organisation, request.user, request.roles, now),
        "passkeys": approver_pages.passkeys_to_register(request.user),
        "may_set": not permissions.SET_RULE.roles.isdisjoint(request.roles),
        "may_register": not permissions.REGISTER_KEY.roles.isdisjoint(request.roles),
    }
    return render(request, "issuing/approvals.html", context)


@member_page(permissions.SET_RULE, Capability.ISSUE)
@require_POST
def set_rule(
    request: MemberRequest, organisation: Organisation, achievement_id: UUID
) -> HttpResponse:
    """Say whether awards of an achievement need a signed approval."""
    found = get_object_or_404(Achievement, pk=achievement_id, creator=organisation)
    is_required = request.POST.get("required") == "yes"
    high_stakes.set_rule(
        organisation=organisation,
        achievement=found,
        is_required=is_required,
        actor=request.user,
        now=timezone.now(),
    )
    told = _("Saved.") if is_required else _("Saved. It ends in 24 hours; the owners are told.")
    messages.success(request, told)
    return redirect("issuing:approvals", organisation.slug)


@member_page(permissions.REGISTER_KEY, Capability.ISSUE)
@require_POST
def register_key(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Ask that one of one's own passkeys may approve."""
    chosen = request.POST.get("passkey", "")
    if not chosen.isdecimal() or len(chosen) > 18:
        raise Malformed(_("choose one of your passkeys"), "/passkey")
    approver_keys.register_key(
        organisation=organisation, passkey_id=int(chosen), actor=request.user, now=timezone.now()
    )
    messages.success(request, _("Registered. An owner was asked to confirm it."))
    return redirect("issuing:approvals", organisation.slug)


@member_page(permissions.CONFIRM_KEY, Capability.ISSUE)
@require_POST
def confirm_key(request: MemberRequest, organisation: Organisation, key_id: UUID) -> HttpResponse:
    """Let a passkey approve."""
    found = get_object_or_404(ApproverKey, pk=key_id, issuer=organisation)
    approver_keys.confirm_key(key_id=found.id, actor=request.user, now=timezone.now())
    messages.success(request, _("Confirmed."))
    return redirect("issuing:approvals", organisation.slug)


@member_page(permissions.WITHDRAW_KEY, Capability.ISSUE)
@require_POST
def withdraw_key(request: MemberRequest, organisation: Organisation, key_id: UUID) -> HttpResponse:
    """Let a passkey approve no more."""
    found = get_object_or_404(ApproverKey, pk=key_id, issuer=organisation)
    approver_keys.withdraw_key(key_id=found.id, actor=request.user, now=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect("issuing:approvals", organisation.slug)


@member_page(permissions.APPROVE_BATCH, Capability.ISSUE)
@require_POST
def ask(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """What the passkey is asked to sign, for the script of the page."""
    found = get_object_or_404(selectors.batches_of(organisation), pk=batch_id)
    options = approval.begin_approval(batch_id=found.id, actor=request.user, now=timezone.now())
    return JsonResponse(options)


@member_page(permissions.APPROVE_BATCH, Capability.ISSUE)
@require_POST
def answer(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """Approve with the answer of the passkey."""
    found = get_object_or_404(selectors.batches_of(organisation), pk=batch_id)
    approve_with_passkey(
        batch_id=found.id,
        answer=request.POST.get("credential", ""),
        actor=request.user,
        now=timezone.now(),
    )
    return redirect("issuing:batch", organisation.slug, found.id)
