"""The pages on which registrars keep their registers; `site` shows them to everybody."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.core.errors import Malformed
from cairn.organisations import registers
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation, RegisterEntry
from cairn.organisations.permissions import EDIT_REGISTER
from cairn.signing import register_changes
from cairn.signing.forms import EntryForm, RegisterForm

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@member_page(EDIT_REGISTER, Capability.REGISTER)
@require_safe
def register(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """The registers of the organisation, with who is named in them."""
    return _overview(request, organisation, RegisterForm())


@member_page(EDIT_REGISTER, Capability.REGISTER)
@require_POST
def open_register(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """A new register."""
    form = RegisterForm(request.POST)
    if form.is_valid() and _is_done(
        form,
        register_changes.open_register,
        organisation=organisation,
        actor=request.user,
        now=timezone.now(),
        **form.cleaned_data,
    ):
        messages.success(request, _("The register is open. Add the first issuer."))
        return redirect("signing:register", organisation.slug)
    return _overview(request, organisation, form, status=422)


@member_page(EDIT_REGISTER, Capability.REGISTER)
@_form_page
def add_entry(
    request: MemberRequest, organisation: Organisation, register_id: UUID
) -> HttpResponse:
    """Name an issuer."""
    kept = get_object_or_404(registers.registers_of(organisation), id=register_id)
    form = EntryForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_done(
        form,
        register_changes.add_entry,
        organisation=organisation,
        register_id=register_id,
        actor=request.user,
        now=timezone.now(),
        **form.cleaned_data,
    ):
        messages.success(request, _("The issuer is in the register."))
        return redirect("signing:register", organisation.slug)
    status = 422 if form.is_bound else 200
    context = {"form": form, "register": kept}
    return render(request, "signing/add_entry.html", context, status=status)


@member_page(EDIT_REGISTER, Capability.REGISTER)
@_form_page
def remove_entry(
    request: MemberRequest, organisation: Organisation, entry_id: UUID
) -> HttpResponse:
    """Say what taking an issuer out means, then do it."""
    entry = get_object_or_404(
        RegisterEntry.objects.select_related("register"),
        id=entry_id,
        register__operator=organisation,
    )
    if request.method != "POST":
        return render(request, "signing/remove_entry.html", {"entry": entry})
    register_changes.remove_entry(
        organisation=organisation, entry_id=entry_id, actor=request.user, now=timezone.now()
    )
    messages.success(request, _("The issuer is no longer in the register."))
    return redirect("signing:register", organisation.slug)


def _overview(
    request: MemberRequest, organisation: Organisation, form: RegisterForm, status: int = 200
) -> HttpResponse:
    kept = [
        (one, registers.standing_entries(one), registers.former_entries(one))
        for one in registers.registers_of(organisation)
    ]
    context = {
        "registers": kept,
        "form": form,
    }
    return render(request, "signing/register.html", context, status=status)


def _is_done(form: Form, change: Callable[..., object], **values: object) -> bool:
    """Whether `change` took what was written; if not, the form says why not."""
    try:
        change(**values)
    except Malformed as err:  # words for a reader of the form, who can mend it
        form.add_error(None, str(err))
        return False
    return True
