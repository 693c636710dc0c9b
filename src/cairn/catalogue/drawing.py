"""Badge drawings for achievements without a picture of their own: nine families, many colours.

A drawing holds no words, since words would be in one language and in no credential.  The same
family and seed always give the same picture.
"""

import colorsys
import hashlib
import re
from importlib import resources

import typst
from django.utils.translation import gettext_lazy as _

# The names that people choose by; the drawings are static files.
FAMILIES = {
    "cairn": _("Cairn"),
    "data": _("Chart"),
    "care": _("Heart"),
    "build": _("House"),
    "guild": _("Shield"),
    "harbour": _("Lighthouse"),
    "khatim": _("Star"),
    "rosette": _("Rosette"),
    "strata": _("Strata"),
}
SIDE = 512  # pixels

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_KEPT = frozenset({"#d9bd74", "#f7efd9"})  # gilt and cream: what makes nine drawings one set
_FOLDER = "static/catalogue/drawings"
_HUES = 12
_PAGE = f"""#set page(width: {SIDE}pt, height: {SIDE}pt, margin: 0pt, fill: none)
#image(bytes(sys.inputs.drawing), format: "svg", width: 100%)"""


def drawing(family: str, seed: str) -> bytes:
    """The PNG of `family`, one of `FAMILIES`, in the colour that `seed` picks.  About 20 ms."""
    sheet = resources.files("cairn.catalogue") / _FOLDER / f"{family}.svg"
    turn = hashlib.sha256(seed.encode()).digest()[0] % _HUES / _HUES
    svg = _COLOUR.sub(lambda found: _turned(found[0], turn), sheet.read_text(encoding="utf-8"))
    pages = typst.compile(
        _PAGE.encode(), format="png", ppi=72, sys_inputs={"drawing": svg}, ignore_system_fonts=True
    )
    return bytes(pages)


def _turned(colour: str, turn: float) -> str:
    if colour in _KEPT:
        return colour
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    parts = colorsys.hls_to_rgb((hue + turn) % 1, light, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
