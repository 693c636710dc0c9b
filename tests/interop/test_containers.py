"""Baked images: another program finds what we bake, and we find what it bakes."""

import base64
import json
from typing import Literal

import pytest

from cairn.core.containers import png, svg
from cairn.core.containers.carriers import OPEN_BADGES_2, OPEN_BADGES_3
from tests.core.badges import CREDENTIAL
from tests.core.container_files import LINK, TOKEN, png_image
from tests.interop.judges import Judge, Judges

Kind = Literal["png", "svg"]

CARRIERS = {3: OPEN_BADGES_3, 2: OPEN_BADGES_2}
IMAGES: dict[Kind, bytes] = {
    "png": png_image(20, 20, author="somebody"),
    "svg": b'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" '
    b'viewBox="0 0 9 9"><!-- a > b --><path d="M0 0h9v9z"/></svg>\n',
}
PAYLOADS = {
    "json": json.dumps({"name": "Été ]]> & <b>", "id": CREDENTIAL}, ensure_ascii=False),
    "token": TOKEN.decode(),
}
each_image = pytest.mark.parametrize("kind", IMAGES)
each_version = pytest.mark.parametrize("version", CARRIERS)
each_payload = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)


def ours_baked(kind: Kind, image: bytes, payload: str, version: int) -> bytes:
    bake = png.bake if kind == "png" else svg.bake
    return bake(image, payload.encode(), CARRIERS[version])


def ours_unbaked(kind: Kind, image: bytes, version: int) -> str | None:
    if kind == "png":
        found = png.unbake(image).get(CARRIERS[version])
        return found.decode() if found else None
    elements = {baked.carrier: baked.body or baked.verify for baked in svg.unbake(image)}
    return elements.get(CARRIERS[version])


def asked(judges: Judges, op: str, kind: Kind, image: bytes, **more: object) -> dict[str, str]:
    encoded = base64.b64encode(image).decode()
    process = judges._process(Judge.OPENBADGESLIB)
    answer: dict[str, str] = process.ask(op=op, kind=kind, image=encoded, **more)
    assert not answer.get("error"), answer
    return answer


@each_image
@each_version
@each_payload
def test_what_we_bake_is_found(judges: Judges, kind: Kind, version: int, payload: str) -> None:
    image = ours_baked(kind, IMAGES[kind], payload, version)
    assert asked(judges, "unbake", kind, image, version=version)["payload"] == payload
    other = asked(judges, "unbake", kind, image, version=5 - version)
    assert other["payload"] is None


@each_image
@each_version
@each_payload
def test_what_another_program_bakes_is_found(
    judges: Judges, kind: Kind, version: int, payload: str
) -> None:
    answer = asked(judges, "bake", kind, IMAGES[kind], payload=payload, version=version)
    image = base64.b64decode(answer["image"])
    assert ours_unbaked(kind, image, version) == payload
    assert ours_unbaked(kind, image, 5 - version) is None


@each_image
@each_version
def test_what_another_program_baked_is_replaced(judges: Judges, kind: Kind, version: int) -> None:
    theirs = asked(judges, "bake", kind, IMAGES[kind], payload=LINK, version=version)
    image = ours_baked(kind, base64.b64decode(theirs["image"]), PAYLOADS["json"], version)
    assert asked(judges, "unbake", kind, image, version=version)["payload"] == PAYLOADS["json"]
    assert LINK.encode() not in image


@each_image
def test_both_versions_in_one_image_are_found(judges: Judges, kind: Kind) -> None:
    two = asked(judges, "bake", kind, IMAGES[kind], payload=PAYLOADS["token"], version=2)
    both = ours_baked(kind, base64.b64decode(two["image"]), PAYLOADS["json"], 3)
    for version, payload in ((2, PAYLOADS["token"]), (3, PAYLOADS["json"])):
        assert asked(judges, "unbake", kind, both, version=version)["payload"] == payload
        assert ours_unbaked(kind, both, version) == payload
