"""The section of the console where an organisation keeps its register of issuers."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cairn.core.errors import Conflict, Malformed
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation, Register, RegisterEntry
from cairn.organisations.permissions import EDIT_REGISTER
from cairn.organisations.registers import (
    add_entry,
    former_entries,
    open_register,
    registers_of,
    remove_entry,
    standing_entries,
)
from cairn.signing.orders import place


class OpenForm(forms.Form):
    """A register that doesn't exist yet."""

    name = forms.CharField(max_length=200, label=gettext_lazy("Name of the register"))


class EntryForm(forms.Form):
    """An issuer to be named."""

    issuer_did = forms.CharField(
        max_length=400,
        label=gettext_lazy("Identifier of the issuer"),
        help_text=gettext_lazy("A did:web, did:key or https address, as its credentials have it."),
        widget=forms.TextInput(attrs={"class": "mono", "spellcheck": "false"}),
    )
    name = forms.CharField(
        max_length=200,
        label=gettext_lazy("Name of the issuer"),
        help_text=gettext_lazy("The register vouches for it: readers see this name first."),
    )


@member_page(EDIT_REGISTER, Capability.REGISTER)
@require_safe
def page(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """The register with its entries, or the form to open one."""
    return _page(request, organisation)


@member_page(EDIT_REGISTER, Capability.REGISTER)
@require_POST
def open_one(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Open a register, signed though it is empty."""
    form = OpenForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                register = open_register(
                    organisation=organisation,
                    name=form.cleaned_data["name"],
                    actor=request.user,
                    now=timezone.now(),
                )
                _sign(register, request)
            return redirect("site:register_console", organisation.slug)
        except Malformed as err:
            form.add_error("name", str(err))
    return _page(request, organisation, open_form=form, status=422)


@member_page(EDIT_REGISTER, Capability.REGISTER)
@require_POST
def add(request: MemberRequest, organisation: Organisation, register_id: UUID) -> HttpResponse:
    """Name an issuer, and have the register signed anew."""
    register = get_object_or_404(registers_of(organisation), id=register_id)
    form = EntryForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                add_entry(
                    organisation=organisation,
                    register_id=register.id,
                    issuer_did=form.cleaned_data["issuer_did"],
                    name=form.cleaned_data["name"],
                    actor=request.user,
                    now=timezone.now(),
                )
                _sign(register, request)
            messages.success(request, _("The issuer is in the register."))
            return redirect("site:register_console", organisation.slug)
        except (Malformed, Conflict) as err:
            is_name = str(err).startswith("the name")
            form.add_error("name" if is_name else "issuer_did", str(err))
    return _page(request, organisation, entry_form=form, status=422)


@member_page(EDIT_REGISTER, Capability.REGISTER)
@require_POST
def remove(request: MemberRequest, organisation: Organisation, entry_id: UUID) -> HttpResponse:
    """Take an issuer out, and have the register signed anew."""
    entry = get_object_or_404(
        RegisterEntry.objects.select_related("register"),
        id=entry_id,
        register__operator=organisation,
    )
    with transaction.atomic():
        remove_entry(
            organisation=organisation, entry_id=entry.id, actor=request.user, now=timezone.now()
        )
        _sign(entry.register, request)
    messages.success(request, _("The issuer is no longer in the register."))
    return redirect("site:register_console", organisation.slug)


def _page(
    request: MemberRequest,
    organisation: Organisation,
    *,
    open_form: forms.Form | None = None,
    entry_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    register = registers_of(organisation).first()
    context = {
        "organisation": organisation,
        "register": register,
        "entries": standing_entries(register) if register else (),
        "former": former_entries(register) if register else (),
        "form": (entry_form or EntryForm()) if register else (open_form or OpenForm()),
        "section": "issue",
    }
    return render(request, "site/register_console.html", context, status=status)


def _sign(register: Register, request: MemberRequest) -> None:
    place(
        organisation=register.operator,
        kind="register",
        subject_id=register.id,
        requester=request.user,
        now=timezone.now(),
    )
