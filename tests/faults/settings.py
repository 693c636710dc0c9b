"""The settings of installations under test: the product's own, with keys and chunks that are small.

Small chunks, so that a few hundred rows are many of them.
"""

import os

from cairn.config.settings import *  # noqa: F403 - the product's own

SIGNING_RSA_BITS = 2048
ISSUING_CHUNK_ROWS = int(os.environ.get("FAULT_CHUNK_ROWS", "50"))
