"""Canonical forms by plans, and those of jsonld.js with rdf-canonize, of the same documents."""

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from cairn.core.errors import CairnError
from cairn.core.rdf.contexts import shipped
from cairn.core.rdf.document import Vocabulary, canonical_bytes
from cairn.core.rdf.layout import read_layout
from tests.interop.judges import Judges
from tests.strategies.shapes import documents

VOCABULARY = Vocabulary()
CONTEXTS: dict[str, Any] = {url: dict(value) for url, value in shipped().documents.items()}


def test_a_judge_finds_the_same_canonical_form(judges: Judges) -> None:
    """Thousands of documents in CI; every accepted one is asked about, by a plan or not."""
    seen = {"plan": 0, "general": 0}

    @given(documents())
    @settings(
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(pair: tuple[Any, Any]) -> None:
        for document in pair:
            try:
                forms = {canonical_bytes(document, VOCABULARY) for _ in range(3)}
            except CairnError:
                continue
            (form,) = forms
            reading = read_layout(document)
            planned = reading and VOCABULARY.shapes.canonical(reading, VOCABULARY.contexts)
            seen["plan" if planned else "general"] += 1
            assert judges.canonize(document, documents=CONTEXTS) == form.decode(), document

    ask()
    assert seen["plan"] > seen["general"], seen
