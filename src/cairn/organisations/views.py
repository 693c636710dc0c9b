"""Choosing an organisation, its members, its settings, invitations to it."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.organisations import clients, membership, selectors, services
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.forms import ApiClientForm, InviteForm, RolesForm, SettingsForm
from cairn.organisations.models import Invitation, Organisation, Scope
from cairn.organisations.permissions import (
    API,
    CHANGE_MEMBER,
    EDIT,
    INVITE,
    REMOVE_MEMBER,
    VIEW_MEMBERS,
)
from cairn.organisations.roles import role_names
from cairn.people.models import User
from cairn.people.selectors import verified_addresses
from cairn.platform.http import public, signed_in

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The organisations this person acts for."""
    mine = selectors.memberships_of(cast(User, request.user))
    rows = [(one.organisation, role_names(one.roles)) for one in mine]
    return render(request, "organisations/choose.html", {"rows": rows, "section": "issue"})


@member_page(VIEW_MEMBERS)
@require_safe
def members(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Who acts for the organisation, and who was asked to."""
    context = {
        "members": [(one, role_names(one.roles)) for one in selectors.members(organisation)],
        "invitations": [
            (one, role_names(one.roles))
            for one in selectors.open_invitations(organisation, timezone.now())
        ],
        "may_change": not CHANGE_MEMBER.roles.isdisjoint(request.roles),
    }
    return render(request, "organisations/members.html", context)


@member_page(INVITE)
@_form_page
def invite(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Ask somebody to join."""
    form = InviteForm(organisation, request.POST if request.method == "POST" else None)
    if form.is_valid():
        membership.invite_member(
            organisation=organisation, actor=request.user, now=timezone.now(), **form.cleaned_data
        )
        address = form.cleaned_data["email"]
        messages.success(request, _("An invitation goes to %(address)s.") % {"address": address})
        return redirect("organisations:members", organisation.slug)
    return _answer(request, "organisations/invite.html", form)


@member_page(INVITE)
@require_POST
def withdraw_invitation(
    request: MemberRequest, organisation: Organisation, invitation_id: UUID
) -> HttpResponse:
    """Make the link in the mail worthless."""
    get_object_or_404(organisation.invitations, id=invitation_id)
    membership.withdraw_invitation(
        organisation=organisation,
        actor=request.user,
        invitation_id=invitation_id,
        now=timezone.now(),
    )
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("organisations:members", organisation.slug)


@member_page(CHANGE_MEMBER)
@_form_page
def roles(request: MemberRequest, organisation: Organisation, member_id: UUID) -> HttpResponse:
    """What a member may do."""
    member = get_object_or_404(selectors.members(organisation), id=member_id)
    data = request.POST if request.method == "POST" else None
    form = RolesForm(data, initial={"roles": member.roles})
    if form.is_valid():
        membership.change_roles(
            organisation=organisation,
            actor=request.user,
            membership_id=member_id,
            roles=form.cleaned_data["roles"],
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("organisations:members", organisation.slug)
    return _answer(request, "organisations/roles.html", form, member=member)


@member_page(REMOVE_MEMBER)
@_form_page
def remove(request: MemberRequest, organisation: Organisation, member_id: UUID) -> HttpResponse:
    """Part from a member, after asking."""
    member = get_object_or_404(selectors.members(organisation), id=member_id)
    if request.method != "POST":
        return render(request, "organisations/remove.html", {"member": member})
    membership.remove_member(
        organisation=organisation, actor=request.user, membership_id=member_id, now=timezone.now()
    )
    messages.success(request, _("The member is removed."))
    if member.user == request.user:
        return redirect("organisations:choose")
    return redirect("organisations:members", organisation.slug)


@member_page(EDIT)
@_form_page
def settings(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """What the organisation says about itself."""
    initial = {
        name: getattr(organisation, name)
        for name in ("name", "url", "email", "country", "language", "time_zone")
    }
    initial["description"] = organisation.description.get(organisation.language, "")
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        services.edit_organisation(
            organisation=organisation, actor=request.user, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Saved."))
        return redirect("organisations:settings", organisation.slug)
    return _answer(request, "organisations/settings.html", form)


@public
@_form_page
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation; opening it changes nothing, so that link scanners don't use it up."""
    found = selectors.invitation_with(token)
    if found is None:
        raise Http404
    user = request.user
    if request.method == "POST" and isinstance(user, User):
        joined = membership.accept_invitation(token=token, actor=user, now=timezone.now())
        return redirect("site:console_home", joined.organisation.slug)
    is_open = found.state == Invitation.State.OPEN and timezone.now() < found.expires_at
    context = {
        "invitation": found,
        "roles": role_names(found.roles),
        "is_open": is_open,
        "is_theirs": isinstance(user, User) and found.email in verified_addresses(user),
    }
    return render(request, "organisations/invitation.html", context, status=200 if is_open else 410)


def _answer(
    request: HttpRequest, template: str, form: InviteForm | RolesForm | SettingsForm, **more: object
) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **more}, status=status)


@member_page(API)
@_form_page
def api_clients(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """The programs of the API, and a form to let one in; its token is on the answer alone."""
    now = timezone.now()
    form = ApiClientForm(request.POST if request.method == "POST" else None)
    made, token = None, ""
    if form.is_valid():
        made, token = clients.create(
            organisation=organisation, actor=request.user, now=now, **form.cleaned_data
        )
        form = ApiClientForm()
    names = dict(Scope.choices)
    context = {
        "clients": [
            (one, [names.get(scope, scope) for scope in one.scopes], one.expires_at > now)
            for one in clients.clients_of(organisation)
        ],
        "form": form,
        "made": made,
        "token": token,
    }
    answer = render(
        request, "organisations/api_clients.html", context, status=422 if form.errors else 200
    )
    answer["Cache-Control"] = "no-store"
    return answer


@member_page(API)
@require_POST
def revoke_api_client(
    request: MemberRequest, organisation: Organisation, client_id: UUID
) -> HttpResponse:
    """Its token opens nothing any more."""
    get_object_or_404(clients.clients_of(organisation), id=client_id)
    clients.revoke(client_id=client_id, actor=request.user, now=timezone.now())
    return redirect("organisations:api_clients", organisation.slug)
