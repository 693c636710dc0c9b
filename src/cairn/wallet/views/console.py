"""Mail in the issuer's console: the log, another try, how it is written."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.issuing.models import Award, Batch
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation
from cairn.wallet import deliveries, mail_settings, permissions
from cairn.wallet.composing import preview
from cairn.wallet.forms import MailForm
from cairn.wallet.models import Mail, MailSettings
from cairn.wallet.texts import TITLES, Text

PER_PAGE = 25


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def log(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """How the mail of the last month went, and every letter that failed."""
    failures = deliveries.failures(deliveries.of_organisation(organisation))
    chosen = mail_settings.settings_of(organisation)
    context = {
        "organisation": organisation,
        "counts": deliveries.lately(organisation, timezone.now()),
        "page": Paginator(failures, PER_PAGE).get_page(request.GET.get("page")),
        "days": ", ".join(str(day) for day in chosen.reminder_days),
        "sender": chosen.sender_name or organisation.name,
        "reply_to": chosen.reply_to or organisation.email,
        "may_retry": not permissions.RETRY.roles.isdisjoint(request.roles),
        "may_edit": not permissions.EDIT.roles.isdisjoint(request.roles),
    }
    return render(request, "wallet/mail_log.html", context)


@member_page(permissions.RETRY, Capability.ISSUE)
@require_POST
def retry(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Send all again that failed."""
    mails = deliveries.of_organisation(organisation)
    _retry(request, organisation, ("organisation", organisation.id), mails)
    return redirect("wallet:mail", organisation.slug)


@member_page(permissions.RETRY, Capability.ISSUE)
@require_POST
def retry_of_award(
    request: MemberRequest, organisation: Organisation, award_id: UUID
) -> HttpResponse:
    """Send the letters about one award again that failed."""
    award = get_object_or_404(Award, pk=award_id, issuer=organisation)
    _retry(request, organisation, ("award", award.id), Mail.objects.filter(award=award))
    return redirect("issuing:detail", organisation.slug, award.id)


@member_page(permissions.RETRY, Capability.ISSUE)
@require_POST
def retry_of_batch(
    request: MemberRequest, organisation: Organisation, batch_id: UUID
) -> HttpResponse:
    """Send the letters to the people of one table again that failed."""
    batch = get_object_or_404(Batch, pk=batch_id, issuer=organisation)
    _retry(request, organisation, ("batch", batch.id), deliveries.of_batch(batch.id))
    return redirect("issuing:batch", organisation.slug, batch.id)


@member_page(permissions.EDIT, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Sender, reminders and texts; looked at before they are saved."""
    chosen = mail_settings.settings_of(organisation)
    form = MailForm(organisation, chosen, request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"organisation": organisation, "form": form}
    if form.is_valid():
        if request.POST.get("step") != "preview":
            mail_settings.edit(chosen=form.chosen, actor=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("wallet:mail", organisation.slug)
        context["letters"] = _previews(organisation, form.chosen)
    status = 422 if form.errors else 200
    return render(request, "wallet/mail_settings.html", context, status=status)


def _previews(issuer: Organisation, chosen: MailSettings) -> list[tuple[str, str, str]]:
    """Title, language and text of each letter that has words of its own, else of the first."""
    wanted = [(text, code) for text in Text for code in chosen.texts.get(text, {})]
    shown = wanted or [(Text.CLAIM, issuer.language)]
    languages = dict(settings.LANGUAGES)
    return [
        (
            f"{TITLES[text]} ({languages.get(code, code)})",
            code,
            preview(issuer, chosen, text, code),
        )
        for text, code in shown
    ]


def _retry(
    request: MemberRequest,
    organisation: Organisation,
    subject: tuple[str, UUID],
    mails: QuerySet[Mail],
) -> None:
    number = deliveries.retry(
        organisation=organisation,
        subject=subject,
        mails=mails,
        actor=request.user,
        now=timezone.now(),
    )
    text = ngettext(
        "%(number)d letter is sent again.", "%(number)d letters are sent again.", number
    )
    messages.success(request, text % {"number": number})
