"""What import contracts cannot see, and what ARCHITECTURE.md and README.md promise."""

import hashlib
import importlib
import inspect
import json
import re
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from django.apps import apps

from cairn.core.rdf.contexts import PINNED
from cairn.core.verify import pipeline

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "cairn"
MAX_LINES = 350
# Longer, each with one subject: path relative to src/cairn.
LONG: frozenset[str] = frozenset()
_FOREIGN_TO_CORE = {"django", "httpx", "httpcore", "typer", "rich", "click", "numpy", "certifi"}
_FOREIGN_TO_VERIFY = {"django", "numpy", "celery", "web3"}
_BOUND = re.compile(r"^\| `((?:core|net|cli|protocols)\.[\w.]+)` \| ([\d,]+) \|", re.MULTILINE)
_STEP = re.compile(r"^(?: ?\((\d+)\)|    ) (\w.+?)  +([\w., ]+)$", re.MULTILINE)


def _modules_after(script: str, *arguments: str) -> set[str]:
    """The top-level packages loaded once `script` has run in a fresh interpreter."""
    tail = "\nimport sys as _s, json as _j; _s.stderr.write('\\n' + _j.dumps(list(_s.modules)))"
    done = subprocess.run(  # noqa: S603 - scripts of this file
        [sys.executable, "-c", script + tail, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


def _flow() -> list[str]:
    """The rooms from the first to the last, as the first import contract orders them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers: list[str] = project["tool"]["importlinter"]["contracts"][0]["layers"]
    return layers[::-1]


def test_foreign_keys_point_upstream() -> None:
    # Import contracts don't see a model that is named by a string.
    flow = _flow()
    keys = [
        (
            model._meta.app_label,
            field.related_model._meta.app_label,
            f"{model.__name__}.{field.name}",
        )
        for model in apps.get_models()
        if model._meta.app_label in flow
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
        if isinstance(field.related_model, type)
    ]
    assert len(keys) > 20
    downstream = [
        (name, target)
        for room, target, name in keys
        if target in flow and flow.index(target) > flow.index(room)
    ]
    assert downstream == []


def test_the_core_runs_on_its_own_without_the_frameworks_around_it() -> None:
    names = [
        ".".join(("cairn", *path.relative_to(SOURCE).with_suffix("").parts))
        for path in sorted((SOURCE / "core").rglob("*.py"))
        if path.name != "__init__.py"
    ]
    loaded = _modules_after("\n".join(f"import {name}" for name in names))
    # PyLD loads requests, and so certifi, wherever something else brought it along.
    assert not (loaded - _modules_after("import pyld.jsonld")) & _FOREIGN_TO_CORE


def test_verify_imports_no_web_framework_and_no_numpy(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text('{"type": ["VerifiableCredential"], "@context": []}')
    script = (
        "import sys; from cairn.cli.main import main\n"
        "sys.argv = ['cairn', 'verify', '--json', sys.argv[1]]\n"
        "try: main()\nexcept SystemExit as end: assert end.code in (1, 2, 3), end.code"
    )
    assert not _modules_after(script, str(file)) & _FOREIGN_TO_VERIFY


@pytest.mark.parametrize("url", sorted(PINNED))
def test_a_shipped_context_has_its_pinned_digest_and_its_origin_written_down(url: str) -> None:
    name, digest = PINNED[url]
    folder = resources.files("cairn.core.rdf") / "shipped"
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert f"| {name} | {url} |" in (folder / "README.md").read_text()


def test_nothing_else_is_shipped_as_a_context() -> None:
    shipped = {path.name for path in (SOURCE / "core" / "rdf" / "shipped").glob("*.jsonld")}
    assert shipped == {name for name, _ in PINNED.values()}


def test_modules_are_short_enough_to_read_in_one_go() -> None:
    lengths = {
        str(path.relative_to(SOURCE)): len(path.read_text().splitlines())
        for path in SOURCE.rglob("*.py")
    }
    too_long = {name for name, length in lengths.items() if length > MAX_LINES}
    assert too_long == LONG


def test_every_package_and_module_says_what_it_is_for() -> None:
    opened = ('"""', 'r"""')
    silent = [
        path
        for path in SOURCE.rglob("*.py")
        if path.parent.name != "migrations"  # Django writes those
        if not path.read_text().startswith(opened)
    ]
    assert not silent


def _limit(dotted: str) -> object:
    """The value of `core.module.NAME`, or the default of `core.module.Class.argument`."""
    parts = dotted.split(".")
    if parts[-2][0].isupper():
        owner = getattr(importlib.import_module(".".join(("cairn", *parts[:-2]))), parts[-2])
        return inspect.signature(owner).parameters[parts[-1]].default
    return getattr(importlib.import_module(".".join(("cairn", *parts[:-1]))), parts[-1])


@pytest.mark.parametrize(
    ("where", "number"), _BOUND.findall((ROOT / "ARCHITECTURE.md").read_text())
)
def test_a_bound_in_the_table_is_the_bound_in_the_code(where: str, number: str) -> None:
    assert _limit(where) == int(number.replace(",", ""))


def test_the_table_of_bounds_is_read_at_all() -> None:
    assert len(_BOUND.findall((ROOT / "ARCHITECTURE.md").read_text())) > 20


def test_the_steps_of_a_verification_are_told_as_the_pipeline_numbers_them() -> None:
    steps = _STEP.findall(pipeline.__doc__ or "")
    told = (ROOT / "ARCHITECTURE.md").read_text()
    numbers = [number for number, _, _ in steps if number]
    assert numbers == [str(number) for number in range(1, 13)]
    for number, what, modules in steps:
        names = [name if "." in name else f"verify.{name}" for name in modules.split(", ")]
        row = f"{what} | {', '.join(f'`{name}`' for name in names)} |"
        assert f"|{f' {number} ' if number else ' '}| {row}" in told


def test_every_core_package_has_its_line_in_the_code_map() -> None:
    told = (ROOT / "ARCHITECTURE.md").read_text()
    packages = [path.parent.name for path in (SOURCE / "core").glob("*/__init__.py")]
    assert [name for name in packages if f"`{name}`" not in told] == []
    rooms = [path.parent.name for path in SOURCE.glob("*/__init__.py")]
    assert [name for name in rooms if f"### `src/cairn/{name}`" not in told] == []


def test_no_test_replaces_a_part_of_our_own_code_by_a_mock() -> None:
    # A fake that implements a protocol is checked by mypy; a mock agrees with anything.
    mocking = re.compile(r"unittest\.mock|MagicMock|mocker\b|monkeypatch\.setattr\(\s*\"cairn\.")
    here = Path(__file__).name
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if path.name != here and "node_modules" not in path.parts
        if mocking.search(path.read_text())
    ]
    assert found == []


def test_every_test_that_the_threat_table_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", (ROOT / "SECURITY.md").read_text())
    assert len(named) > 15
    for path, test in named:
        assert f"def {test}" in (ROOT / path).read_text(), f"{path} has no {test}"


def test_every_target_of_the_makefile_is_explained_and_phony() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z][a-z0-9-]*):.*?(## .+)?$", makefile, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    assert {name for name, text in targets if text} == set(phony[1].split())
    assert all(text for _, text in targets)
