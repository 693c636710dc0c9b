"""A whole bulk award against the compiled issue inside it: CPU of a worker for each credential.

A side is a batch of so many rows on a new SQLite database, approved before the clock runs: the
worker's chunks from the signing orders to commit, with documents, two signatures, rows, audit and
outbox.  Plan, RS256 twins and the mails are printed beside, not part of the ratio.

`python -m bench.bulk [rows]`
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bench import subjects
from bench.measure import Row, alternate, pin, timer

CEILING = 3
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
_CHUNKS = "chunks, to commit"
GRADE = {"name": "Grade", "resultType": "Result", "valueMin": "0", "valueMax": "100"}


def main() -> None:
    """Measure and print."""
    pin()
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    _set_up()
    issuing = timer(subjects.issuing("realistic"))
    issue, _ = alternate(issuing, issuing)
    # An address in issuer and creator is two blank nodes that nothing tells apart: no template.
    for name, country in (("no address", ""), ("address of the issuer", "IE")):
        found = _batch(rows, country)
        for part, seconds in found.items():
            print(f"{name}, {part:32} {seconds / rows * 1e6:9,.1f} us CPU a credential")
        chunks = found[_CHUNKS] / rows
        ratio = chunks / issue
        against = f"compiled issue ({issue * 1e6:.1f} us)"
        title = f"bulk award, {name}"
        holds = ratio <= CEILING
        print(Row(title, round(chunks * 1e6, 1), "us", against, round(ratio, 2), CEILING, holds))


def _batch(rows: int, country: str) -> dict[str, float]:
    from cairn.issuing.batches import execution, services
    from cairn.organisations.models import Role
    from cairn.signing.models import SigningOrder
    from cairn.signing.opening import open_signer
    from tests import world

    issuer = world.organisation(country=country)
    awarder, registrar = (world.member(issuer, role) for role in (Role.AWARDER, Role.REGISTRAR))
    version = world.published_version(issuer, result_descriptions=[GRADE])
    people = "".join(f"Person {n},p{n}@example.org,{n % 101}\n" for n in range(rows))
    found: dict[str, float] = {}

    def timed(name: str, act: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = act()
        found[name] = found.get(name, 0) + time.process_time() - start
        return result

    batch = timed(
        "upload and dry run",
        lambda: services.upload(
            issuer=issuer,
            version=version,
            offering=None,
            language="en",
            data=f"name,email,Grade\n{people}".encode(),
            file_name="people.csv",
            actor=awarder,
            now=NOW,
        ),
    )
    services.submit(batch_id=batch.id, actor=awarder, now=NOW)
    timed(
        "plan",
        lambda: services.approve(batch_id=batch.id, actor=registrar, now=NOW),
    )
    signer = open_signer(issuer, NOW)
    for order in SigningOrder.objects.filter(kind="batch_chunk", organisation=issuer):
        timed(_CHUNKS, partial(execution.sign_chunk, order, signer, NOW))
    for order in SigningOrder.objects.filter(kind="batch_tokens", organisation=issuer):
        timed("RS256 twins", partial(execution.sign_tokens, order, signer, NOW))
    return found


def _set_up() -> None:
    """An installation in a new folder."""
    os.environ["CAIRN_DATA_DIR"] = tempfile.mkdtemp(prefix="cairn-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.DATABASES["default"]["NAME"] = os.environ["CAIRN_DATA_DIR"] + "/bench.sqlite3"
    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
