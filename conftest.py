"""Every example in the docs and in docstrings runs as a test; how hard properties are tried."""

from doctest import ELLIPSIS

import pytest
from django.utils import timezone, translation
from hypothesis import settings
from sybil import Sybil
from sybil.parsers import myst, rest

# A deadline for each example would measure who else uses the machine.  The first two profiles try
# the same examples each time, so that a red run says something of the change that was made;
# `--hypothesis-profile=search` looks for new ones.
settings.register_profile("local", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("ci", max_examples=1000, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=5000, deadline=None, print_blob=True)
settings.load_profile("local")  # `--hypothesis-profile=ci` is read after this

pages = Sybil(
    name="docs",
    path="docs",
    parsers=[myst.PythonCodeBlockParser(doctest_optionflags=ELLIPSIS), myst.SkipParser()],
    patterns=["*.md"],
    excludes=["_build/*"],
)
docstrings = Sybil(
    name="docstring",
    path="src",
    parsers=[rest.DocTestParser(optionflags=ELLIPSIS)],
    patterns=["*.py"],
)
pytest_collect_file = (pages + docstrings).pytest()


@pytest.fixture(autouse=True)
def _in_english_and_utc() -> None:
    """A page asked for in French leaves its thread so; the next test must not inherit it."""
    translation.deactivate()
    timezone.deactivate()
