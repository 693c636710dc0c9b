"""PyLD, with the shipped contexts processed once and kept.

PyLD forgets every context after each call, and spends most of a call on reading it again.  A
`Processor` keeps what PyLD resolves for one `ContextSet`: nothing of any document, as documents
bring no definitions.

PyLD's caches are its own and shared by all its users: one lock stands before all of them.
"""

import threading
from collections.abc import Mapping
from typing import Any, cast

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from cairn.core.codec.strict_json import Json
from cairn.core.rdf.contexts import ContextSet

_PYLD = threading.Lock()
_MAX_SCOPED = 1_000  # contexts within contexts; the shipped ones have about 200


class Processor:
    """Expands documents with the contexts of one set, and compacts them again."""

    def __init__(self, contexts: ContextSet) -> None:
        self.contexts = contexts
        self._resolver = _Resolver(contexts.documents)

    def expand(self, document: Json, *, base: str) -> list[Any]:
        """The expanded form.  Raises `JsonLdError`, `RecursionError`."""
        with _PYLD:
            return cast(list[Any], jsonld.expand(document, self._resolver.options(base)))

    def compact(self, expanded: list[Any], contexts: Json, *, base: str) -> Json:
        """`expanded` compacted with these contexts.  Raises `JsonLdError`, `RecursionError`."""
        options = {**self._resolver.options(base), "skipExpansion": True}
        with _PYLD:
            return cast(Json, jsonld.compact(expanded, contexts, options))


class _Resolver(ContextResolver):  # type: ignore[misc]  # PyLD is untyped
    """Resolves contexts, and knows those within contexts by the object itself.

    PyLD knows them by their canonical JSON, which it works out each time.
    """

    def __init__(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        self._documents = documents
        self._scoped: dict[int, tuple[object, Any]] = {}  # the object too: its id is its own then
        super().__init__({}, self._load)

    def options(self, base: str) -> dict[str, Any]:
        return {"documentLoader": self._load, "base": base, "contextResolver": self}

    def resolve(self, active_ctx: Any, context: Any, base: str, cycles: Any = None) -> Any:
        if isinstance(context, str | list):
            return super().resolve(active_ctx, context, base, cycles)
        known = self._scoped.get(id(context))
        if known is None:
            if len(self._scoped) >= _MAX_SCOPED:
                self._scoped.clear()
            known = (context, super().resolve(active_ctx, context, base, cycles))
            self._scoped[id(context)] = known
        return known[1]

    def _load(self, url: str, _options: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": self._documents[url],
            "tag": "static",  # keep it
        }
