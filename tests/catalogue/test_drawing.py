"""Badge drawings: the same for the same seed, different for others, and without words."""

import io
from importlib import resources

import pytest
from PIL import Image

from cairn.catalogue.drawing import FAMILIES, SIDE, drawing


@pytest.mark.parametrize("family", FAMILIES)
def test_a_drawing_is_a_transparent_square_without_words(family: str) -> None:
    image = Image.open(io.BytesIO(drawing(family, "seed"))).convert("RGBA")
    assert image.size == (SIDE, SIDE)
    assert image.getpixel((0, 0)) == (0, 0, 0, 0)
    middle = image.getpixel((SIDE // 2, SIDE // 2))
    assert isinstance(middle, tuple)
    assert middle[3] == 255
    svg = (
        resources.files("cairn.catalogue") / "static/catalogue/drawings" / f"{family}.svg"
    ).read_text()
    assert "<text" not in svg


def test_the_seed_picks_the_colour() -> None:
    assert drawing("care", "a") == drawing("care", "a")
    assert len({drawing("care", seed) for seed in "abcdefgh"}) > 3
