"""Send the link to claim again to many: the ticked ones, or all that a search found."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import UUIDField
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cairn.core.errors import Conflict, Malformed
from cairn.issuing import acts, permissions, sending
from cairn.issuing.views.sets import NAMED, Chosen, back_to, found_by, wanted
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation


@member_page(permissions.SEND_AGAIN, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def send_again(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Whom it concerns, then the letters."""
    said = request.POST if request.method == "POST" else request.GET
    is_confirmed = request.method == "POST" and said.get("step") == "confirm"
    act_id = _act_id(said) if is_confirmed else uuid4()
    if is_confirmed and sending.was_asked(organisation, act_id):
        return redirect("issuing:awards", organisation.slug)
    awards = found_by(organisation, said, acts.AT_MOST)
    possible = sending.sendable(awards, timezone.now())
    chosen = Chosen(possible, len(awards) - len(possible))
    if is_confirmed:
        return _confirmed(request, organisation, chosen, act_id)
    context = {
        "organisation": organisation,
        "chosen": chosen,
        "named": chosen.awards[:NAMED],
        "unnamed": max(0, len(chosen.awards) - NAMED),
        "wanted": [(name, each) for name, values in wanted(said).items() for each in values],
        "back": back_to(organisation, said),
        "act_id": act_id,
    }
    return render(request, "issuing/set_send_again.html", context)


def _confirmed(
    request: MemberRequest, organisation: Organisation, chosen: Chosen, act_id: UUID
) -> HttpResponse:
    if request.POST.get("digest") != chosen.digest:
        raise Conflict(_("these awards changed since you looked; look at the set again"))
    ids = [award.id for award in chosen.awards]
    sending.send_again_to(
        issuer=organisation, award_ids=ids, act_id=act_id, actor=request.user, now=timezone.now()
    )
    text = ngettext("%(n)d new link is on its way.", "%(n)d new links are on their way.", len(ids))
    messages.success(request, text % {"n": len(ids)})
    return redirect("issuing:awards", organisation.slug)


def _act_id(said: QueryDict) -> UUID:
    try:
        return UUID(str(UUIDField().clean(said.get("act_id", ""))))
    except ValidationError as err:
        raise Malformed(_("this form lacks its number; open it again")) from err
