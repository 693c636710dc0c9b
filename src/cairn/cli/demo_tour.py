"""Fill the demo, say what there is to see, open its pages.  Needs Django set up."""

import json
import time
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from rich.console import Console

from cairn.cli.demo_world import build
from cairn.cli.files import write_file
from cairn.core.verify.report import Outcome
from cairn.core.wording import render
from cairn.issuing.addresses import credential_url
from cairn.issuing.models import Award, Credential, SignedForm
from cairn.people.models import User
from cairn.verification.services import check

# What there is to try on /verify: file, and what it should be said to be.
EXAMPLES = {
    "in-force.json": Outcome.IN_FORCE,
    "not-in-a-register.json": Outcome.IN_FORCE,
    "withdrawn.json": Outcome.WITHDRAWN,
    "altered.json": Outcome.ALTERED,
}
_PUBLIC = ("/", "/catalogue", "/verify", "/api/docs", "/demo/", "/demo/mail", "/accounts/login/")


def fill(console: Console) -> None:
    """Make the database and all that is in it; each step is printed with its time."""
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    _print_step(console, began, "made the database")
    began = time.perf_counter()
    for step, world in build(datetime.now(UTC)):
        counts = {
            "people": len(world.people),
            "organisations": len(world.organisations),
            "registers": len(world.registers),
            "achievements": len(world.versions),
            "awards": len(world.awards),
        }
        _print_step(console, began, f"made {counts[step]} {step}")
        began = time.perf_counter()


def write_examples(folder: Path) -> None:
    """Files to drop on /verify, one for each of several answers."""
    in_force = _body(state=Award.State.ISSUED, issuer__slug="northbridge")
    document = json.loads(in_force)
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    contents = {
        "in-force.json": in_force,
        "not-in-a-register.json": _body(state=Award.State.ISSUED, issuer__slug="harbour"),
        "withdrawn.json": _body(state=Award.State.WITHDRAWN),
        "altered.json": json.dumps(document, ensure_ascii=False).encode(),
    }
    for name, content in contents.items():
        write_file(folder / name, content)


def print_tour(console: Console, base_url: str, out: Path) -> None:
    """What to open, and as whom."""
    for user in User.objects.order_by("name").prefetch_related("memberships__organisation"):
        roles = [f"{', '.join(one.roles)} at {one.organisation}" for one in user.memberships.all()]
        link = f"{base_url}{reverse('site:demo_sign_in', args=[user.email])}"
        what = "; ".join(roles) or "learner"
        console.print(f"{link:<70} {user.name}, {what}", soft_wrap=True, highlight=False)
    shared = Credential.objects.filter(award__holding__visibility="public").order_by("id")[:1]
    lines = [
        "",
        f"Start page      {base_url}/",
        f"Catalogue       {base_url}/catalogue",
        f"Verify          {base_url}/verify and drop a file of {out / 'examples'}",
        *(f"A credential    {credential_url(one.id)}" for one in shared),
        f"Mail            {base_url}/demo/mail",
        "Stop with Ctrl-C.",
    ]
    console.print("\n".join(lines), soft_wrap=True, highlight=False)


def open_pages(examples: Path, console: Console) -> int:
    """Open every public page and check every example; 0 if all were as they should be."""
    client, wrong = Client(headers={"host": settings.CAIRN.host}), 0
    for address in _PUBLIC:
        status = client.get(address).status_code
        wrong += status != HTTPStatus.OK
        console.print(f"{status} {address}", highlight=False)
    for name, expected in EXAMPLES.items():
        [answer] = check((examples / name).read_bytes(), now=datetime.now(UTC))
        outcome = answer.report.outcome if answer.report else None
        wrong += outcome is not expected
        console.print(f"{render.outcome_title(outcome or '', 'en')}: {name}", highlight=False)
    return 1 if wrong else 0


def _body(**of_award: str) -> bytes:
    form = SignedForm.objects.filter(
        form=SignedForm.Form.DATA_INTEGRITY,
        **{f"credential__award__{name}": value for name, value in of_award.items()},
    ).order_by("id")[0]
    return bytes(form.body)


def _print_step(console: Console, began: float, what: str) -> None:
    console.print(f"[dim]{time.perf_counter() - began:7.2f} s[/dim] {what}", highlight=False)
