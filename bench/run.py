"""`make bench`: the table of issue 5, and what it says as `bench/out/latest.json`."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench import peers, subjects, verify_api
from bench.measure import Row, absent_row, pin, rate_row, time_row, timer

from tests.interop.judges import Judges, Key

OUT = Path(__file__).parent / "out" / "latest.json"
SIGNING, VERIFYING = "raw PyNaCl signing", "raw PyNaCl verification"


def rows() -> Iterator[Row]:
    """Each row as soon as it is measured."""
    signing = timer(subjects.raw_signing())
    verifying = timer(subjects.raw_verifying())
    issuing = timer(subjects.issuing("realistic"))
    proof = timer(subjects.proving(subjects.signed_bytes()))
    yield rate_row("issue from slot values", SIGNING, 0.28, issuing, signing)
    identified = timer(subjects.issuing("identified"))
    yield rate_row("issue from slot values, ids everywhere", SIGNING, 0.35, identified, signing)
    yield rate_row("proof: bytes to proof and document check", VERIFYING, 0.30, proof, verifying)
    bare = timer(subjects.holding(subjects.signed_bytes()))
    yield rate_row("the same with the key given", VERIFYING, None, bare, verifying)
    report = timer(subjects.reporting(subjects.signed_bytes()))
    yield time_row("report: all steps, warm caches", "proof", 1.6, report, proof)
    yield time_row("report: all steps, warm caches", "proof, the key given", None, report, bare)
    yield time_row(
        "first sight of a shape",
        "PyLD normalize",
        2,
        timer(subjects.unseen("realistic")),
        timer(subjects.normalizing("realistic")),
    )
    for name in ("record", "endorsed", "rubric"):
        row, planned = f"canonical form, {name}, by a plan", timer(subjects.compiled(name))
        unseen, at_hand = timer(subjects.unseen(name)), timer(subjects.general(name))
        yield rate_row(row, "general path", 20, planned, unseen)
        yield rate_row(row, "general path, the shape at hand", None, planned, at_hand)
    missing = peers.absent()
    with Judges() as judges:
        for peer, judge in peers.PEERS.items():
            if missing:
                yield absent_row("issue from slot values", "1/s", f"{peer}: {missing}", 100)
                yield absent_row("proof", "1/s", f"{peer}: {missing}", 40)
                continue
            body, key = subjects.document("realistic"), Key(subjects.SEED)
            theirs = peers.issuing(judges, judge, body, key)
            yield rate_row("issue from slot values", peer, 100, issuing, theirs)
            theirs = peers.verifying(judges, judge, subjects.signed_document())
            yield rate_row("proof", peer, 40, proof, theirs)
    yield from verify_api.rows()  # last: the web fills memory


def main() -> None:
    """Measure, print, write."""
    pin()
    found = []
    print(f"{'':42}{'value':>12} {'':4} {'ratio':>8} {'floor':>8}  holds  against")
    for row in rows():
        sign = "<=" if row.unit == "us" else ">="
        floor = "" if row.floor is None else f"{sign}{row.floor:>6g}"
        ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
        holds = {True: "yes", False: "no", None: "-"}[row.holds]
        print(
            f"{row.name:42}{row.value:12,.1f} {row.unit:4} {ratio:>8} {floor:8}"
            f"  {holds:5}  {row.against}",
            flush=True,
        )
        found.append(row.as_json())
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
