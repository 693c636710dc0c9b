"""Where published vectors are found: beside the repository, or where CAIRN_REFERENCE_DATA says.

They are not part of the product.  Without them a test skips and says so; where the variable is
set, as in CI, a missing file is a failure.
"""

import os
from pathlib import Path

import pytest


def reference(path: str) -> Path:
    """The reference file (or folder) at `path`; skips or fails the test if it is absent."""
    configured = os.environ.get("CAIRN_REFERENCE_DATA")
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    found = (Path(configured) if configured else beside) / path
    if found.exists():
        return found
    if configured:
        pytest.fail(f"CAIRN_REFERENCE_DATA is set, but has no {path}")
    pytest.skip(f"reference data not present: {path}")
