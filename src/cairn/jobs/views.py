"""How the jobs of this installation do, for its operators."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cairn.jobs import selectors, services
from cairn.people.http import OperatorRequest, operator_page


@dataclass(frozen=True, slots=True)
class Standing:
    """The one sentence above all figures."""

    state: str  # of a banner
    title: str
    text: str


@operator_page
@require_safe
def overview(request: OperatorRequest) -> HttpResponse:
    """Depth, age, throughput, failures, workers.  8 queries, whatever there is."""
    now = timezone.now()
    depths = selectors.depth_by_consumer(now)
    workers = selectors.workers(now)
    groups = selectors.parked_groups()
    oldest = min((one.oldest for one in depths if one.oldest), default=None)
    done = selectors.throughput(now)
    context = {
        "engine": settings.CAIRN.engine,
        "depths": depths,
        "events": selectors.count_events_to_relay(),
        "due": sum(one.due for one in depths),
        "oldest_age": _in_words(now - oldest) if oldest else "",
        "done": done,
        "median_wait": _in_words(done.median_wait) if done.median_wait is not None else "",
        "groups": groups,
        "parked": selectors.parked(),
        "retried": selectors.retried(),
        "workers": [(one, _in_words(now - one.seen_at)) for one in workers],
        "standing": _standing(bool(workers), next((w.problem for w in workers if w.problem), "")),
        "now": now,
    }
    return render(request, "jobs/overview.html", context)


@operator_page
@require_POST
def retry(request: OperatorRequest, delivery_id: int) -> HttpResponse:
    """Try one parked delivery again."""
    count = services.retry_one(delivery_id=delivery_id, actor=request.user, now=timezone.now())
    return _retried(request, count)


@operator_page
@require_POST
def retry_kind(request: OperatorRequest) -> HttpResponse:
    """Try all parked deliveries of one kind to one consumer again."""
    count = services.retry_kind(
        kind=request.POST.get("kind", ""),
        consumer=request.POST.get("consumer", ""),
        actor=request.user,
        now=timezone.now(),
    )
    return _retried(request, count)


def _retried(request: OperatorRequest, count: int) -> HttpResponse:
    if count:
        told = ngettext("%(n)s job will be tried again.", "%(n)s jobs will be tried again.", count)
        messages.success(request, told % {"n": count})
    else:
        messages.info(request, _("Nothing to try again: somebody was quicker."))
    return redirect("jobs:overview")


def _standing(has_workers: bool, problem: str) -> Standing:
    if not has_workers:
        text = _("Nothing is lost; what waits is carried out as soon as one runs: cairn worker.")
        return Standing("bad", _("No worker is running."), text)
    if problem:
        text = _("Nothing is lost; it is sent as soon as the broker answers. Seen: %(problem)s.")
        return Standing("warn", _("The broker cannot be reached."), text % {"problem": problem})
    return Standing("ok", _("Jobs are carried out."), "")


def _in_words(span: timedelta) -> str:
    """A span as an operator compares it: 0.4 s, 90 s, 3 min, 5 h, 2 d."""
    seconds = max(span.total_seconds(), 0.0)
    days = _("%(n)d d") % {"n": seconds // 86_400}
    for size, text in (
        (86_400, days),
        (3600, f"{seconds // 3600:.0f} h"),
        (60, f"{seconds // 60:.0f} min"),
    ):
        if seconds >= 2 * size:
            return text
    return f"{number_format(seconds, 0 if seconds >= 10 else 1)} s"
