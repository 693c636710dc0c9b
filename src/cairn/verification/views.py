"""The page of the checker: bring something, get one sentence.  Nothing of it is kept."""

import time
from datetime import datetime
from http import HTTPStatus
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cairn.core.errors import NotAllowed, Unobtainable
from cairn.core.rdf.cache import TooManyShapes
from cairn.core.verify.files import Examined
from cairn.core.verify.ports import Claimed
from cairn.core.wording import render as wording
from cairn.platform.http import public
from cairn.verification.forms import MAX_MEGABYTES, VerifyForm
from cairn.verification.limits import Client, Limits
from cairn.verification.services import MAX_BYTES, check_within, fetch_link
from cairn.verification.verdict import Shown, shown

MAX_REQUEST = MAX_BYTES + 2**16  # the parts of the form around the file
MAX_SECONDS = 10.0  # for all that one request brings
MAX_AGAIN = 200_000  # characters that a result page carries, to compare them with a name
LIMITS = Limits(burst=40, per_second=1.0)
TURNS = BoundedSemaphore(4)  # of the threads that serve pages, the others are for other pages
_TURN_SECONDS = 3.0


@public
@csrf_exempt  # it changes nothing and shows nothing that is secret; so it needs no cookie either
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and the answers on what is sent with it."""
    if request.method != "POST":
        given = {"link": request.GET.get("link", "")[:2000]}
        return _form(request, VerifyForm(initial=given))
    # Before anything of it is parsed.
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST:
        return _refusal(
            request,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            _("That is too large"),
            _("At most %(most)s MB can be checked at once. Nothing was read and nothing was kept.")
            % {"most": MAX_MEGABYTES},
        )
    client, wait = LIMITS.enter(request.META.get("REMOTE_ADDR", ""), time.monotonic())
    if wait:
        return _later(request, HTTPStatus.TOO_MANY_REQUESTS, wait)
    try:
        if not TURNS.acquire(timeout=_TURN_SECONDS):
            return _later(request, HTTPStatus.SERVICE_UNAVAILABLE, _TURN_SECONDS)
        try:
            return _answered(request, client)
        finally:
            TURNS.release()
    finally:
        LIMITS.leave(client)


def _answered(request: HttpRequest, client: Client) -> HttpResponse:
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        answers, is_complete = _check_all(form, client, timezone.now())
    except TooManyShapes:
        return _later(request, HTTPStatus.TOO_MANY_REQUESTS, 60)
    context = {
        "section": "verify",
        "answers": answers,
        "counts": _counts(answers),
        "is_complete": is_complete,
        "claimed": form.cleaned_data["name"] or form.cleaned_data["email"],
        "again": _again(form),
    }
    is_nothing = all(answer.is_nothing for answer in answers)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_nothing else HTTPStatus.OK
    answer = render(request, "verification/result.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _check_all(form: VerifyForm, client: Client, now: datetime) -> tuple[list[Shown], bool]:
    """The answers on all that was brought, in order; whether all of it was looked at."""
    given = form.cleaned_data
    claimed = Claimed(name=given["name"], email=given["email"])
    until = time.monotonic() + MAX_SECONDS
    answers: list[Examined] = []
    is_complete = True

    def take(name: str, data: bytes) -> bool:
        left = until - time.monotonic()
        found = check_within(data, now=now, claimed=claimed, misses=client.misses, seconds=left)
        answers.extend(_named(name, answer) for answer in found.answers)
        return found.is_complete

    for file in given["file"]:
        is_complete &= take(file.name, file.read())
    if given["link"]:
        try:
            is_complete &= take(given["link"], fetch_link(given["link"], now=now))
        except (Unobtainable, NotAllowed) as err:
            answers.append(Examined(given["link"], None, str(err)))
    if given["text"]:
        is_complete &= take("", given["text"].encode("utf-8", "replace"))
    language = wording.negotiate(get_language() or "")
    return [shown(answer, language) for answer in answers], is_complete


def _named(name: str, answer: Examined) -> Examined:
    parts = [part for part in (name, answer.where) if part]
    return Examined(" › ".join(parts), answer.report, answer.problem)


def _counts(answers: list[Shown]) -> list[tuple[str, int]]:
    """How many of each outcome, the most frequent first."""
    counts: dict[str, int] = {}
    for answer in answers:
        heading = answer.verdict.heading if answer.verdict else _("Could not be read")
        counts[heading] = counts.get(heading, 0) + 1
    return sorted(counts.items(), key=lambda pair: -pair[1])


def _again(form: VerifyForm) -> dict[str, str]:
    """What the result page sends back to compare it with a name, for nothing is kept here."""
    given = form.cleaned_data
    if given["link"] and not (given["file"] or given["text"]):
        return {"link": given["link"]}
    if given["text"] and not (given["file"] or given["link"]):
        return {"text": given["text"]} if len(given["text"]) <= MAX_AGAIN else {}
    if len(given["file"]) == 1 and not (given["text"] or given["link"]):
        file = given["file"][0]
        file.seek(0)
        try:
            text = file.read(MAX_AGAIN + 1).decode()
        except UnicodeDecodeError:  # a picture or document: it has to be chosen again
            return {}
        return {"text": text} if len(text) <= MAX_AGAIN else {}
    return {}


def _form(request: HttpRequest, form: VerifyForm, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"section": "verify", "form": form, "max_bytes": MAX_BYTES}
    return render(request, "verification/verify.html", context, status=status)


def _refusal(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    context = {"section": "verify", "title": title, "sentence": sentence}
    return render(request, "verification/refused.html", context, status=status)


def _later(request: HttpRequest, status: int, seconds: float) -> HttpResponse:
    whole = int(seconds) + 1
    answer = _refusal(
        request,
        status,
        _("Too much at once"),
        _("Please try again in %(seconds)s seconds. Nothing was kept.") % {"seconds": whole},
    )
    answer["Retry-After"] = str(whole)
    return answer
