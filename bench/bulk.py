"""Whole bulk awards against the compiled issue inside them: CPU of a worker for each credential.

A side is a batch on a new database, approved and planned before the clock runs: the worker's chunks
from the signing orders to commit, with documents, two signatures, rows, audit and outbox.  Upload,
plan and the RS256 twins are printed beside, not part of the ratio.

`python -m bench.bulk [rows] [whole]`: SQLite, then PostgreSQL at CAIRN_BENCH_DATABASE if that is
set.  `whole` takes 100,000 rows from upload to signed, with rate and peak memory.
"""

import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import subjects
from bench.measure import Row, timer

CEILING, WORKERS_CEILING, COPY_FLOOR = 3, 1.1, 8
WHOLE = 100_000
OUT = Path(__file__).parent / "out" / "bulk.json"
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
GRADE = {"name": "Grade", "resultType": "Result", "valueMin": "0", "valueMax": "100"}
_LEAST = 5000  # rows: the first chunk of each of two workers warms it
_PAUSE = 0.02  # of a worker that finds no chunk it may take


def main() -> None:
    """Measure and print, one database after the other; each in a process of its own."""
    wanted = next((int(word) for word in sys.argv[1:] if word.isdigit()), 10_000)
    rows = max(wanted, _LEAST)
    found: list[Row] = []
    # Taken out: Cairn refuses settings that it doesn't know.
    for database in ("", os.environ.pop("CAIRN_BENCH_DATABASE", "")):
        if not database and found:
            print("PostgreSQL: absent, CAIRN_BENCH_DATABASE names no server")
            continue
        with _processes(1) as pool:
            found += pool.submit(_measured, database, rows, is_whole="whole" in sys.argv).result()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([row.as_json() for row in found], indent=1) + "\n")


def _processes(count: int, *of_each: Any) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(
        count, mp_context=context, initializer=of_each[0] if of_each else None, initargs=of_each[1:]
    )


def _measured(database: str, rows: int, *, is_whole: bool) -> list[Row]:
    found = []
    with _database(database) as name:
        for row in _rows(name, rows, is_whole=is_whole):
            holds = {True: "yes", False: "no", None: "-"}[row.holds]
            ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
            print(
                f"{row.name:52} {row.value:10,.1f} {row.unit:5} {ratio:>6} {holds:4} {row.against}"
            )
            sys.stdout.flush()
            found.append(row)
    return found


def _rows(name: str, rows: int, *, is_whole: bool) -> Iterator[Row]:
    issuing = timer(subjects.issuing("realistic"))
    one = _signed_by(1, rows)
    issue = min(issuing(1000) / 1000 for _ in range(9))
    against = f"compiled issue ({issue * 1e6:.1f} us)"
    ratio = one / issue
    title = f"bulk award, {name}"
    yield Row(title, one * 1e6, "us", against, ratio, CEILING, ratio <= CEILING)
    two = _signed_by(2, rows)
    ratio = two / one
    yield Row(f"{title}, two workers", two * 1e6, "us", "one", ratio, 1.1, ratio <= WORKERS_CEILING)
    if name == "PostgreSQL":
        yield _copying()
    if is_whole:
        yield from _whole(name)


def _signed_by(workers: int, rows: int) -> float:
    """CPU seconds a credential of so many workers, each a process, over one planned batch."""
    from django.db import connections

    issuer_id = _planned(rows)
    connections.close_all()
    with _processes(workers, _set_up, os.environ["BENCH"]) as pool:
        seconds = list(pool.map(_sign_all, [issuer_id] * workers))
    return sum(spent for spent, _signed in seconds) / sum(signed for _spent, signed in seconds)


def _sign_all(issuer_id: str) -> tuple[float, int]:
    """CPU seconds and credentials of this process, until no chunk is left; the first warms it."""
    from django.db import transaction

    from cairn.issuing.batches import execution
    from cairn.issuing.models import BatchChunk
    from cairn.organisations.models import Organisation
    from cairn.signing.models import SigningOrder
    from cairn.signing.opening import open_signer

    issuer = Organisation.objects.get(pk=issuer_id)
    signer = open_signer(issuer, NOW)
    orders = SigningOrder.objects.filter(kind="batch_chunk", organisation=issuer, state="placed")
    spent, signed, is_warm = 0.0, 0, False
    while True:
        start = time.process_time()
        with transaction.atomic():
            order = orders.select_for_update(skip_locked=True).order_by("placed_at", "id").first()
            if order is not None:
                execution.sign_chunk(order, signer, NOW)
                order.state = SigningOrder.State.DONE
                order.save(update_fields=["state"])
        took = time.process_time() - start
        if order is not None:
            chunk = BatchChunk.objects.get(pk=order.subject_id)
            if is_warm:
                spent, signed = spent + took, signed + chunk.last_row - chunk.first_row + 1
            is_warm = True
        elif not orders.exists():
            return spent, signed
        else:
            time.sleep(_PAUSE)


def _planned(rows: int) -> str:
    """A batch of so many rows, planned; the id of its issuer."""
    from cairn.issuing.batches import planning, reading_job, services

    batch, registrar = _uploaded(rows)
    reading_job.read_now(batch.id, NOW)
    services.submit(batch_id=batch.id, actor=batch.uploaded_by, now=NOW)
    services.approve(batch_id=batch.id, actor=registrar, now=NOW)
    planning.plan_batch(batch_id=batch.id, now=NOW)
    return str(batch.issuer_id)


def _uploaded(rows: int) -> tuple[Any, Any]:
    from cairn.issuing.batches import services
    from cairn.organisations.models import Role
    from tests import world

    issuer = world.organisation(country="IE")
    awarder, registrar = (world.member(issuer, role) for role in (Role.AWARDER, Role.REGISTRAR))
    version = world.published_version(issuer, result_descriptions=[GRADE])
    stem = issuer.id.hex[:8]
    people = "".join(f"Person {n},{stem}-{n}@example.org,{n % 101}\n" for n in range(rows))
    batch = services.upload(
        issuer=issuer,
        version=version,
        offering=None,
        language="en",
        data=f"name,email,Grade\n{people}".encode(),
        file_name="people.csv",
        actor=awarder,
        now=NOW,
    )
    return batch, registrar


def _copying() -> Row:
    """Bodies of 3 kB by COPY and by `bulk_create`, rolled back: CPU of the worker."""
    from django.db import transaction

    from cairn.issuing.models import Credential, SignedForm
    from cairn.platform.bulk_rows import insert_rows

    credentials = list(Credential.objects.values_list("id", "issuer_id")[:1000])
    body = os.urandom(3000)
    alike = {"form": "bench", "key_fragment": "x", "signed_at": NOW}

    def copy() -> None:
        columns = ("credential_id", "issuer_id", "body", "sha256")
        rows = [(one, issuer, body, "0" * 64) for one, issuer in credentials]
        insert_rows(SignedForm, columns, rows, alike=alike)

    def create() -> None:
        SignedForm.objects.bulk_create(
            SignedForm(credential_id=one, issuer_id=issuer, body=body, sha256="0" * 64, **alike)
            for one, issuer in credentials
        )

    best: dict[Callable[[], None], float] = {}
    for act in (copy, create) * 5:
        with transaction.atomic():
            start = time.process_time()
            act()
            took = time.process_time() - start
            transaction.set_rollback(True)
        best[act] = min(took, best.get(act, took))
    ratio = best[create] / best[copy]
    rate = len(credentials) / best[copy]
    against = f"bulk_create ({len(credentials) / best[create]:,.0f} 1/s)"
    return Row("COPY of signed forms", rate, "1/s", against, ratio, COPY_FLOOR, ratio >= COPY_FLOOR)


def _whole(name: str) -> Iterator[Row]:
    """100,000 rows end to end in one worker: seconds of each part, and its peak memory."""
    from cairn.issuing.batches import planning, reading_job, services

    batch, registrar = _uploaded(WHOLE)

    def timed(part: str, act: Any) -> Row:
        start = time.monotonic()
        act()
        took = time.monotonic() - start
        return Row(
            f"{WHOLE:,} rows, {name}: {part}",
            WHOLE / took,
            "1/s",
            f"{took:.1f} s",
            None,
            None,
            None,
        )

    yield timed("read", lambda: reading_job.read_now(batch.id, NOW))
    services.submit(batch_id=batch.id, actor=batch.uploaded_by, now=NOW)
    services.approve(batch_id=batch.id, actor=registrar, now=NOW)
    yield timed("plan", lambda: planning.plan_batch(batch_id=batch.id, now=NOW))
    yield timed("sign", lambda: _sign_all(str(batch.issuer_id)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row(
        f"{WHOLE:,} rows, {name}: peak memory", peak, "MiB", "all in one process", None, None, None
    )


@contextmanager
def _database(address: str) -> Iterator[str]:
    """A new database: a file, or one beside `address`, dropped at the end."""
    os.environ["CAIRN_DATA_DIR"] = tempfile.mkdtemp(prefix="cairn-bench-")
    if not address:
        _set_up(json.dumps({"NAME": os.environ["CAIRN_DATA_DIR"] + "/bench.sqlite3"}))
        _migrate()
        yield "SQLite"
        return
    import psycopg

    fresh = f"cairn_bench_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {fresh}")
        os.environ["CAIRN_DATABASE"] = f"{address.rpartition('/')[0]}/{fresh}"
        _set_up("{}")
        _migrate()
        yield "PostgreSQL"
        from django.db import connections

        connections.close_all()
        server.execute(f"DROP DATABASE {fresh} WITH (FORCE)")


def _set_up(changes: str) -> None:
    """This process on the database of the bench."""
    os.environ["BENCH"] = changes
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"].update(json.loads(changes))
    django.setup()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
