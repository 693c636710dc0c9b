"""Django's settings for tests: a base address, a master key and a database of their own."""

import base64
import os
import tempfile

os.environ.setdefault("CAIRN_BASE_URL", "https://cairn.test")
os.environ.setdefault("CAIRN_MASTER_KEY", base64.urlsafe_b64encode(bytes(range(32))).decode())
os.environ.setdefault("CAIRN_DATA_DIR", tempfile.mkdtemp(prefix="cairn-test-"))
if address := os.environ.get("CAIRN_TEST_DATABASE"):
    os.environ.setdefault("CAIRN_DATABASE", address)

from cairn.config.settings import *  # noqa: F403 - the environment comes first
from cairn.config.settings import CAIRN, DATABASES

if not CAIRN.database:
    # A file, because threads that share a database in memory lock each other out of its tables.
    DATABASES["default"]["ENGINE"] = "tests.sqlite"
    DATABASES["default"]["TEST"] = {"NAME": str(CAIRN.data_dir / "test.sqlite3")}

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns where it lacks
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, in tests alone
SIGNING_RSA_BITS = 2048  # drawn three times as fast
SIGNING_DRAW_RSA = "tests.drawn_keys.draw_rsa"  # … and each once a process
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
