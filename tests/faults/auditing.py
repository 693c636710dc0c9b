"""The AUDIT that ends every fault test: all that was planned was issued, once, and verifies.

Source: the standing suite of the design; leaves and checkpoints come with the log.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from django.db.models import Count

from cairn.core.verify.pipeline import verify
from cairn.core.verify.report import Outcome
from cairn.issuing.models import (
    Award,
    Batch,
    BatchChunk,
    BatchRow,
    Credential,
    SignedForm,
    StatusEntry,
    StatusList,
)
from cairn.platform.models import AuditEntry
from cairn.signing.models import SigningOrder
from cairn.verification.sources import own_sources
from cairn.wallet.models import ClaimLink, Mail

FORMS = len(SignedForm.Form)
_SHOWN = 5


def audit(batch: Batch, now: datetime) -> list[str]:
    """What does not hold of `batch`, which is done; nothing if all does."""
    checks = (_rows, _awards, _entries, _chunks, _letters, partial(_forms, now=now), _lists)
    return [f"{check_name(check)}: {text}" for check in checks for text in check(batch)]


def check_name(check: object) -> str:
    """What a check is called in a problem."""
    found = check.func if isinstance(check, partial) else check
    return getattr(found, "__name__", "").lstrip("_")


def _rows(batch: Batch) -> Iterator[str]:
    """Each ready row was issued or parked, and each issued one has its award."""
    if batch.state != Batch.State.DONE:
        yield f"the batch is {batch.state}"
    left = batch.rows.exclude(state__in=(BatchRow.State.ISSUED, BatchRow.State.PARKED))
    if left.exists():
        yield f"{left.count()} rows are neither issued nor parked"
    issued = batch.rows.filter(state=BatchRow.State.ISSUED).values("id")
    awards = Award.objects.filter(pk__in=issued).exclude(state=Award.State.PLANNED)
    if awards.count() != issued.count():
        yield f"{issued.count()} rows were issued, and {awards.count()} awards"


def _awards(batch: Batch) -> Iterator[str]:
    """Each learner once, each award with one credential, and that one signed."""
    twice = (
        Award.objects.values("issuer", "version", "learner", "offering")
        .annotate(count=Count("id"))
        .filter(count__gt=1)
    )
    yield from _some(twice, "awarded twice")
    yield from _some(
        Credential.objects.values("award").annotate(count=Count("id")).filter(count__gt=1),
        "with two credentials",
    )
    yield from _some(Credential.objects.filter(signed_at=None).values("id"), "not signed")
    orphans = Award.objects.filter(credentials=None)
    yield from _some(orphans.values("id"), "without a credential")


def _entries(batch: Batch) -> Iterator[str]:
    """Each entry of a list speaks of one credential, and each credential has one a purpose."""
    shared = (
        StatusEntry.objects.values("status_list", "index").annotate(n=Count("id")).filter(n__gt=1)
    )
    yield from _some(shared, "entries of two credentials")
    bare = Credential.objects.filter(status_entries=None)
    yield from _some(bare.values("id"), "without a status entry")


def _chunks(batch: Batch) -> Iterator[str]:
    """Each chunk was committed once, however often it was begun."""
    chunks = BatchChunk.objects.filter(batch=batch)
    yield from _some(chunks.filter(done_at=None).values("id"), "chunks not done")
    commits = AuditEntry.objects.filter(action="batch.sign_chunk", details__batch=str(batch.id))
    if commits.count() != chunks.count():
        yield f"{chunks.count()} chunks were committed {commits.count()} times"
    placed = SigningOrder.objects.exclude(state=SigningOrder.State.DONE)
    yield from _some(placed.values("id", "kind", "problem"), "orders not done")


def _letters(batch: Batch) -> Iterator[str]:
    """One letter with a link a learner and award."""
    issued = batch.rows.filter(state=BatchRow.State.ISSUED).values("id")
    letters = Mail.objects.filter(award__in=issued, kind=Mail.Kind.CLAIM)
    twice = letters.values("award").annotate(count=Count("id")).filter(count__gt=1)
    yield from _some(twice, "with two letters")
    sent = letters.filter(state=Mail.State.SENT).count()
    if sent != issued.count():
        yield f"{issued.count()} awards were issued, and {sent} letters sent"
    links = ClaimLink.objects.filter(award__in=issued).count()
    if links != issued.count():
        yield f"{issued.count()} awards were issued, and {links} links made"


def _forms(batch: Batch, now: datetime) -> Iterator[str]:
    """Each credential has each form, and each of them verifies here."""
    sources = own_sources()
    bare = Credential.objects.annotate(count=Count("forms")).exclude(count=FORMS)
    yield from _some(bare.values("id"), f"without their {FORMS} forms")
    failed = []
    for form in SignedForm.objects.exclude(credential__award__state="withdrawn").iterator(500):
        report = verify(bytes(form.body), sources, now=now)
        if report.outcome is not Outcome.IN_FORCE:
            failed.append(f"{form.credential_id} as {form.form} is {report.outcome}")
    yield from failed[:_SHOWN]


def _lists(batch: Batch) -> Iterator[str]:
    """What is published is what the rows say."""
    yield from _some(StatusList.objects.filter(is_changed=True).values("id"), "lists not published")


def _some(found: Iterable[object], what: str) -> Iterator[str]:
    listed = list(found)
    if listed:
        yield f"{len(listed)} {what}: {listed[:_SHOWN]}"
