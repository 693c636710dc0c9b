"""Every example in the docs and in docstrings runs as a test; how hard properties are tried."""

from doctest import ELLIPSIS

from hypothesis import settings
from sybil import Sybil
from sybil.parsers import myst, rest

# A deadline for each example would measure who else uses the machine.
settings.register_profile("local", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=1000, deadline=None, print_blob=True)
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
