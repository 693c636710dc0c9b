"""Objects that share an id: one node in the graph, so one object in the document.

Properties could otherwise be moved between them while the signed graph stays as it is (attack 1 of
docs/explanation/canonical-forms.md).
"""

from cairn.core.codec.strict_json import Json
from cairn.core.rdf.outline import EMBEDDED_CREDENTIALS, Uncovered, pointer

Identified = tuple[str, dict[str, Json], str]  # id, object, path


def check_identity(document: Json) -> None:
    """Objects with one id become one node, so that their properties could be moved between them.

    Raises `Uncovered` unless they are identical, mere references, or an endorsement's subject.
    """
    first: dict[str, tuple[dict[str, Json], str]] = {}
    for identity, value, path in identified(document):
        if identity not in first:
            first[identity] = (value, path)
        elif value != first[identity][0]:
            raise Uncovered(
                f"two different objects have the id {identity!r} (the other: {first[identity][1]});"
                " make them equal, or give one another id",
                path,
            )


def identified(document: Json) -> list[Identified]:
    """Objects that have an id and say something, with their paths, in no order that matters."""
    found: list[Identified] = []
    pending: list[tuple[Json, str, bool]] = [(document, "", False)]
    while pending:
        value, path, is_endorsed = pending.pop()
        if isinstance(value, list):
            pending += [(entry, f"{path}/{i}", is_endorsed) for i, entry in enumerate(value)]
        elif isinstance(value, dict):
            identity = value.get("id")
            speaks = value.keys() > {"id"} and not (is_endorsed and _is_mere_endorsement(value))
            if isinstance(identity, str) and speaks:
                found.append((identity, value, path))
            inside = _is_embedded(path)
            pending += [
                (entry, pointer(path, key), inside and key == "credentialSubject")
                for key, entry in value.items()
            ]
    return found


def _is_embedded(path: str) -> bool:
    return any(part in EMBEDDED_CREDENTIALS for part in path.split("/")[-2:])


def _is_mere_endorsement(subject: dict[str, Json]) -> bool:
    # Its only words count as the endorser's, once the endorsement's own proof holds.
    return subject.keys() <= {"id", "type", "endorsementComment"} and (
        subject.get("type") in ("EndorsementSubject", ["EndorsementSubject"])
    )
