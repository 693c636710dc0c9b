"""How fast a security module signs, beside the same key type in memory: CPU of one process.

The module is SoftHSM 2 with a token made for the run; a module of metal spends its own time instead
of ours.  The floor is a tenth of OpenSSL's Ed25519, by which it was set; our own keys sign Ed25519
with libsodium, nearly twice as fast.

`python -m bench.custody`
"""

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

FLOOR = 0.1
SIGNATURES = 2000
KINDS = ("Ed25519", "P-256")
_LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")


def main() -> None:
    """Measure and print; exit code 1 below the floor, 0 where SoftHSM is not installed."""
    if not _LIBRARY.exists():
        print("custody: not measured, SoftHSM 2 is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        _set_up(Path(folder))
        ratios = {kind: _measured(kind) for kind in KINDS}
    if ratios["Ed25519"] < FLOOR:
        sys.exit(f"Ed25519 in the module signs below {FLOOR} of software")


def _set_up(folder: Path) -> None:
    (folder / "tokens").mkdir()
    (folder / "pin").write_text("1234")
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ |= {
        "SOFTHSM2_CONF": str(folder / "softhsm2.conf"),
        "DJANGO_SETTINGS_MODULE": "cairn.config.settings",
        "CAIRN_DATA_DIR": str(folder),
        "CAIRN_PKCS11_MODULE": str(_LIBRARY),
        "CAIRN_PKCS11_TOKEN": "bench",
        "CAIRN_PKCS11_PIN_FILE": str(folder / "pin"),
    }
    new = ["--init-token", "--free", "--label", "bench", "--so-pin", "12345678", "--pin", "1234"]
    subprocess.run(["softhsm2-util", *new], check=True, capture_output=True)  # noqa: S603, S607
    import django

    django.setup()


def _measured(kind: Any) -> float:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    from cairn.core.keys import KeyType, PrivateKey, PublicKey
    from cairn.signing.security_module import ModuleDocumentKey, security_module

    module, key_id = security_module(), uuid.uuid4()
    public = module.generate(key_id, kind)
    assert isinstance(public, PublicKey)
    held = _rate(ModuleDocumentKey(key_id, public, module).sign)
    ours = _rate(PrivateKey.from_seed(KeyType(kind), bytes(range(1, 33))).sign)
    if kind == "Ed25519":
        openssl = _rate(ed25519.Ed25519PrivateKey.generate().sign)
    else:
        key = ec.generate_private_key(ec.SECP256R1())
        openssl = _rate(lambda data: key.sign(data, ec.ECDSA(hashes.SHA256())))
    print(f"{kind}, signatures a CPU second: {held:,.0f} in the module")
    print(f"    {openssl:,.0f} by OpenSSL in memory: {held / openssl:.2f} (floor {FLOOR})")
    print(f"    {ours:,.0f} by our own key in memory: {held / ours:.2f}")
    return held / openssl


def _rate(sign: Callable[[bytes], bytes]) -> float:
    best = 0.0
    for _ in range(3):
        began = time.process_time()
        for number in range(SIGNATURES):
            sign(number.to_bytes(64))
        best = max(best, SIGNATURES / (time.process_time() - began))
    return best


if __name__ == "__main__":
    main()
