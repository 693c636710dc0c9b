"""The file from which the demo is made."""

import tomllib
from importlib import resources

from cairn.catalogue.drawing import FAMILIES

PLAN = tomllib.loads((resources.files("cairn.cli") / "demo_data" / "world.toml").read_text("utf-8"))


def test_every_achievement_has_a_drawing_that_exists() -> None:
    assert {row["drawing"] for row in PLAN["achievements"]} <= FAMILIES.keys()
