"""Writing a version: create, edit, submit, withdraw, begin the next one, retire."""

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from cairn.catalogue import services
from cairn.catalogue.completeness import completeness
from cairn.catalogue.content import Content, said
from cairn.catalogue.forms.achievement import LANGUAGES, AchievementForm
from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.permissions import EDIT, RETIRE
from cairn.catalogue.presentation import language_name
from cairn.catalogue.selectors import history
from cairn.catalogue.views.finding import achievement_or_404, version_or_404
from cairn.core.errors import Conflict
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation

_OVERTAKEN = _lazy(
    "This draft was saved from another page while you were writing. What you typed is still here. "
    "Saving again replaces the other text."
)


@member_page(EDIT, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """A new achievement; once it is saved, its draft is edited."""
    if request.method != "POST":
        return _form_page(request, organisation, AchievementForm(organisation=organisation))
    form = AchievementForm(request.POST, request.FILES, organisation=organisation)
    if not form.is_valid() or form.content is None:
        return _form_page(request, organisation, form, status=422)
    wanted: UUID = form.cleaned_data["achievement_id"]
    try:
        made = services.create_achievement(
            organisation=organisation,
            content=form.content,
            actor=request.user,
            now=timezone.now(),
            achievement_id=wanted,
        )
    except services.StaleEdit:
        form.version = version_or_404(organisation, wanted, 1)
        form.refuse([("", _OVERTAKEN)])
        return _form_page(request, organisation, form, status=409)
    return _after_save(request, organisation, made, form)


@member_page(EDIT, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(
    request: MemberRequest, organisation: Organisation, achievement_id: UUID, number: int
) -> HttpResponse:
    """The draft in its form.  What somebody else saved meanwhile is never overwritten unseen."""
    version = version_or_404(organisation, achievement_id, number)
    if version.state != AchievementVersion.State.DRAFT:
        raise Conflict(_("this version is no draft, so it cannot be edited"))
    if request.method != "POST":
        form = AchievementForm(organisation=organisation, version=version)
        return _form_page(request, organisation, form)
    form = AchievementForm(request.POST, request.FILES, organisation=organisation, version=version)
    if not form.is_valid() or form.content is None:
        return _form_page(request, organisation, form, status=422, seen=_seen(request, version))
    try:
        saved = services.edit_draft(
            version_id=version.pk,
            content=form.content,
            seen=_seen(request, version),
            actor=request.user,
            now=timezone.now(),
        )
    except services.StaleEdit:
        form.refuse([("", _OVERTAKEN)])
        return _form_page(request, organisation, form, status=409)
    return _after_save(request, organisation, saved, form)


@member_page(EDIT, Capability.ISSUE)
@require_POST
def withdraw(
    request: MemberRequest, organisation: Organisation, achievement_id: UUID, number: int
) -> HttpResponse:
    """Give up a draft."""
    version = version_or_404(organisation, achievement_id, number)
    services.withdraw_draft(version_id=version.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("The draft was given up."))
    return redirect("catalogue:achievements", organisation.slug)


@member_page(EDIT, Capability.ISSUE)
@require_POST
def new_version(
    request: MemberRequest, organisation: Organisation, achievement_id: UUID
) -> HttpResponse:
    """Begin the next version from the published one."""
    achievement = achievement_or_404(organisation, achievement_id)
    made = services.new_version(
        achievement_id=achievement.pk, actor=request.user, now=timezone.now()
    )
    return redirect("catalogue:edit", organisation.slug, achievement.pk, made.number)


@member_page(RETIRE, Capability.ISSUE)
@require_POST
def retire(
    request: MemberRequest, organisation: Organisation, achievement_id: UUID
) -> HttpResponse:
    """Award no more of it."""
    achievement = achievement_or_404(organisation, achievement_id)
    services.retire_achievement(
        achievement_id=achievement.pk, actor=request.user, now=timezone.now()
    )
    messages.success(request, _("It is retired. Credentials that were awarded stay valid."))
    return redirect("catalogue:achievements", organisation.slug)


def _after_save(
    request: MemberRequest,
    organisation: Organisation,
    version: AchievementVersion,
    form: AchievementForm,
) -> HttpResponse:
    page = [organisation.slug, version.achievement_id, version.number]
    if request.POST.get("then") != "submit":
        messages.success(request, _("The draft was saved."))
        return redirect("catalogue:edit", *page)
    try:
        services.submit_version(version_id=version.pk, actor=request.user, now=timezone.now())
    except services.Incomplete as err:
        form.version = version
        form.refuse(err.flaws)
        messages.warning(request, _("The draft was saved, and not submitted yet."))
        return _form_page(request, organisation, form, status=422)
    messages.success(request, _("It was saved and submitted. A second person decides about it."))
    return redirect("catalogue:version", *page)


def _seen(request: MemberRequest, version: AchievementVersion) -> datetime:
    try:
        return datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        # Nothing was seen, so anything that is stored is newer.
        return datetime.min.replace(tzinfo=UTC)


def _form_page(
    request: MemberRequest,
    organisation: Organisation,
    form: AchievementForm,
    *,
    status: int = 200,
    seen: datetime | None = None,
) -> HttpResponse:
    version = form.version
    content = form.content or (Content.of(version) if version else None)
    place = [organisation.slug]
    page = [*place, version.achievement_id, version.number] if version else place
    context = {
        "organisation": organisation,
        "form": form,
        "version": version,
        "seen": (seen or version.edited_at).isoformat() if version else "",
        "action": reverse("catalogue:edit" if version else "catalogue:create", args=page),
        "others": [
            (code, language_name(code), list(form.texts(code)))
            for code in LANGUAGES
            if code != form.primary
        ],
        "primary": list(form.texts(form.primary)) if form.primary in LANGUAGES else [],
        "opened": [name.rpartition("_")[2] for name in form.errors if "_" in name],
        "has_errors": form.is_bound and not form.is_sound,
        "heading": said(version.name, version.language) if version else "",
        "completeness": completeness(content, organisation) if content else None,
        "decisions": history(version) if version else (),
    }
    return render(request, "catalogue/edit.html", context, status=status)
