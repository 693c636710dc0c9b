"""Documents of few shapes and with awkward values, for both ways to a canonical form.

`documents()` gives pairs of one shape: the first for a plan to be learnt from, the second to try it
on.  Most values are plain; the others are those at which implementations, or our two ways, could
part: escapes, characters of every plane, odd IRIs, numbers, repeated values, shared ids.
"""

import copy
from typing import Any

from hypothesis import strategies as st

from cairn.core.rdf.contexts import CLR_2_0_1, OB_3_0_3, VC_2
from tests.core.badges import Badge, badge

_UNSAFE = ["\x00", "\x07", "\x1f", "\x7f", "\ud800", "\ufdd0", "\ufffe", "\U0001ffff"]
_AWKWARD = ['"', "\\", '\\"', '",', "\\\\n", "a\nb\r\n\tc", "%b%s%", "\x85\u2028", "\ue000", "🎓é"]
texts = st.one_of(
    st.sampled_from(["Ada", "Grace", "Zoë", "x", "x"]),
    st.sampled_from(_AWKWARD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
any_texts = st.one_of(texts, texts, texts, st.sampled_from(_UNSAFE))
plain_iris = st.builds(
    "{}{}".format,
    st.sampled_from(["https://x.example/", "urn:uuid:0b7a-", "did:web:x.example:", "urn:x-y:"]),
    st.integers(0, 30),
)
odd_iris = st.sampled_from(
    [
        "https://é.example/a",
        "https://x.example/%C3%A9",
        "https://x.example:8080/",
        "https://x.example/.well-known/x",
        "mailto:ada@x.example",
        "https://x.example/%zz",
        "https://x.example/../a",
        "https://x.example/<x>",
        'https://x.example/"',
        "https://x.example/\\",
        "obi:Achievement",
        "relative",
        "",
        "urn:slot:0:1",
    ]
)
iris = st.one_of(plain_iris, plain_iris, plain_iris, odd_iris)
numbers = st.one_of(
    st.integers(-5, 5),
    st.floats(0, 100).map(lambda number: round(number, 2)),
    st.sampled_from([0.1, 5.0, 1e-7, 1e16, 2**53 - 1, 2**53, -0.0, 123456789012345.6, 1e-6]),
)

_OF_TEXT = {
    *("name", "description", "narrative", "identityHash", "salt", "value", "level", "points"),
    *("endorsementComment", "targetName", "tag", "allowedValue", "statusListIndex", "@value"),
}
_OF_IRIS = {"id", "targetUrl", "statusListCredential", "achievedLevel", "url"}


def _identity(name: str) -> Badge:
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": name,
        "identityType": "name",
    }


def _alignment(name: str, number: int) -> Badge:
    url = f"https://x.example/skills/{number}"
    return {"type": ["Alignment"], "targetName": name, "targetUrl": url}


def _proof(number: int) -> Badge:
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": f"did:example:{number}#key",
        "proofPurpose": "assertionMethod",
        "proofValue": f"z{number}",
    }


@st.composite
def shapes(draw: st.DrawFn) -> Badge:
    """A document that would be accepted as it is."""
    document = badge()
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    achievement["tag"] = [f"t{number}" for number in range(draw(st.integers(1, 3)))]
    subject["identifier"] += [_identity(f"n{number}") for number in range(draw(st.integers(0, 2)))]
    alike = draw(st.booleans())
    achievement["alignment"] = [
        _alignment("Statistics", 0 if alike else number)
        for number in range(draw(st.integers(1, 2)))
    ]
    if draw(st.booleans()):
        achievement["resultDescription"][0]["rubricCriterionLevel"] = [
            {
                "id": f"urn:x-level:{n}",
                "type": ["RubricCriterionLevel"],
                "name": "Good",
                "level": "2",
            }
            for n in range(2)
        ]
    if draw(st.booleans()):
        document["description"] = {"@value": "Une preuve", "@language": "fr"}
    if draw(st.booleans()):
        del document["endorsement"]
    elif draw(st.booleans()):
        document["endorsement"][0]["proof"] = _proof(1)
    if draw(st.booleans()):
        document["issuer"]["url"] = "https://x.example/"  # no longer like the creator
    if draw(st.booleans()):
        achievement["creator"]["id"] = "https://uni.example/issuers/2"
    else:
        achievement["creator"] = copy.deepcopy(document["issuer"])
    return document if draw(st.integers(0, 4)) else _record(draw(st.integers(1, 3)))


def _record(count: int) -> Badge:
    children = []
    for number in range(count):
        child = badge()
        del child["endorsement"]
        child["id"] += f"/{number}"
        child["credentialStatus"]["id"] += f"/{number}"
        subject = child["credentialSubject"]
        subject["achievement"]["id"] += f"/{number}"
        subject["achievement"]["resultDescription"][0]["id"] += f"{number}"
        subject["result"][0]["resultDescription"] += f"{number}"
        subject["identifier"][0]["identityHash"] += f" {number}"
        children.append({**child, "proof": _proof(number)})
    return {
        "@context": [VC_2, CLR_2_0_1, OB_3_0_3],
        "id": "https://uni.example/r/1",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Record",
        "issuer": badge()["issuer"],
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "urn:example:learner",
            "type": ["ClrSubject"],
            "verifiableCredential": children,
        },
    }


@st.composite
def documents(draw: st.DrawFn) -> tuple[Badge, Badge]:
    """Two documents of one shape, the second with any values."""
    first = draw(shapes())
    second = copy.deepcopy(first)
    changes = draw(st.integers(0, 4))
    places = list(_places(second))
    for _ in range(changes):
        holder, step, value = draw(st.sampled_from(places))
        holder[step] = draw(value)
    if draw(st.booleans()):  # everywhere, so that what is shared goes on being shared
        _rename(second, draw(st.sampled_from(["North University", "t0", "A", "5.5"])), draw(texts))
    if not draw(st.integers(0, 3)):
        second["credentialSubject"]["identifier"] = second["credentialSubject"].get(
            "identifier", []
        )[::-1] or [_identity("x")]
    return first, second


def _places(value: Any, key: str = "") -> Any:
    """Each leaf whose values may be anything of a kind: what holds it, where, and the strategy."""
    entries = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, entry in entries:
        name = step if isinstance(step, str) else key
        if isinstance(entry, str) and name in _OF_TEXT:
            yield value, step, any_texts
        elif isinstance(entry, str) and name in _OF_IRIS:
            yield value, step, iris
        elif isinstance(entry, float) and not isinstance(entry, bool):
            yield value, step, numbers
        elif name != "@context":
            yield from _places(entry, name)


def _rename(value: Any, old: str, new: str) -> None:
    for step, entry in list(
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    ):
        if entry == old and step not in ("type", "@context"):
            value[step] = new
        else:
            _rename(entry, old, new)
