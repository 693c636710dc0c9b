"""`cairn verify --challenge --domain`: who shows it, and what each credential shown is worth."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from cairn.cli.files import read_file
from cairn.cli.terminal import console, safe
from cairn.cli.verify import UNREADABLE, Answer, as_json, print_answer, print_json
from cairn.core.codec.strict_json import Json, Limits
from cairn.core.errors import Malformed
from cairn.core.verify.ports import Sources
from cairn.core.verify.presentations import PresentationReport, verify_presentation
from cairn.core.verify.report import Result
from cairn.core.wording import render
from cairn.core.wording.names import displayed

_MAX_BYTES = Limits().max_bytes


def run(
    target: str,
    sources: Sources,
    *,
    challenge: str,
    domain: str,
    language: str,
    wants_json: bool,
) -> int:
    """Print the answer on the presentation in a file or on standard input; the exit code.

    That of the worst credential, and at least 1 if the holder did not prove to be there, 2 if that
    could not be checked.
    """
    if target == "-":
        data = sys.stdin.buffer.read(_MAX_BYTES + 1)
    else:
        data = read_file(Path(target), max_bytes=_MAX_BYTES)
    try:
        report = verify_presentation(
            data, sources, now=datetime.now(UTC), challenge=challenge, domain=domain
        )
    except Malformed as err:
        sys.stderr.write(f"cairn: {displayed(f'{target}: {err}', max_length=1000)}\n")
        return UNREADABLE
    if wants_json:
        print_json([_as_json(report, language)])
    else:
        _print(target, report, language, console())
    holder = {Result.FAIL: 1, Result.NOT_CHECKED: 2}.get(report.holder.result, 0)
    return max(holder, *(answer.exit_code for answer in _answers(report)), 0)


def _answers(report: PresentationReport) -> list[Answer]:
    return [
        Answer(f"credential {number}", shown.report)
        for number, shown in enumerate(report.credentials, start=1)
    ]


def _as_json(report: PresentationReport, language: str) -> dict[str, Json]:
    return {
        "holder": {
            "id": report.holder_id,
            "result": report.holder.result.value,
            "reason": report.holder.reason.value,
            "sentence": render.sentence(report.holder.reason, report.holder.facts, language),
        },
        "credentials": [
            {**as_json(answer, language), "recipient": shown.recipient.reason.value}
            for answer, shown in zip(_answers(report), report.credentials, strict=True)
        ],
        "checked_at": report.checked_at,
    }


def _print(target: str, report: PresentationReport, language: str, out: Console) -> None:
    out.print(f"[bold]{safe(target)}[/bold]", soft_wrap=True)
    holder = report.holder
    sentence = render.sentence(holder.reason, holder.facts, language)
    out.print(f"  {safe(sentence, 2000)}", soft_wrap=True)
    for answer, shown in zip(_answers(report), report.credentials, strict=True):
        print_answer(answer, language, out)
        recipient = render.sentence(shown.recipient.reason, shown.recipient.facts, language)
        out.print(f"  · {safe(recipient, 2000)}", soft_wrap=True)
