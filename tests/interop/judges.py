"""Client of the judges: implementations by other authors, asked whether they accept a credential.

A judge sees the document and what the test hands over with it, never the network, and shares no
code with Cairn. Which judge accepts what is in README.md.
"""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Literal, Self

from nacl.signing import SigningKey

Json = dict[str, Any]
Cryptosuite = Literal["eddsa-rdfc-2022", "eddsa-jcs-2022"]

HERE = Path(__file__).parent
NODE_SCRIPT = HERE / "npm" / "judge.mjs"
PYTHON_SCRIPT = HERE / "python" / "judge.py"
JUDGES_PYTHON = HERE.parents[1] / ".venv-judges" / "bin" / "python"
TIMEOUT_SECONDS = 60  # a judge that takes longer hangs
CREATED = "2026-01-01T00:00:00Z"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Judge(StrEnum):
    """An independent implementation."""

    DIGITALBAZAAR_RDFC = "digitalbazaar-rdfc"
    DIGITALBAZAAR_JCS = "digitalbazaar-jcs"
    VERIFIER_CORE = "verifier-core"  # Digital Credentials Consortium
    OPENBADGESLIB = "openbadgeslib"
    OPENVC = "openvc"


VERIFIERS: Mapping[Cryptosuite, tuple[Judge, ...]] = {
    "eddsa-rdfc-2022": (
        Judge.DIGITALBAZAAR_RDFC,
        Judge.VERIFIER_CORE,
        Judge.OPENBADGESLIB,
        Judge.OPENVC,
    ),
    "eddsa-jcs-2022": (Judge.DIGITALBAZAAR_JCS, Judge.OPENVC),
}
# openvc issues eddsa-jcs-2022 too, but in a way that others rightly refuse (python/README.md).
ISSUERS: Mapping[Cryptosuite, tuple[Judge, ...]] = {
    "eddsa-rdfc-2022": (Judge.DIGITALBAZAAR_RDFC, Judge.OPENBADGESLIB, Judge.OPENVC),
    "eddsa-jcs-2022": (Judge.DIGITALBAZAAR_JCS,),
}
# The judges that can check a signature alone, for a key that is not the issuer's.
SIGNATURE_VERIFIERS: Mapping[Cryptosuite, tuple[Judge, ...]] = {
    suite: tuple(judge for judge in judges if judge is not Judge.VERIFIER_CORE)
    for suite, judges in VERIFIERS.items()
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge said; `error` holds its own words, `detail` what else it reported."""

    judge: Judge
    verified: bool
    error: str
    detail: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Key:
    """An Ed25519 key with its did:key name, computed here so that Cairn's code has no part in it.

    `controller` set to a did:web names the key `<controller>#key-1`; `did_document` then is what
    that controller publishes.
    """

    seed: bytes
    controller: str = ""

    def __post_init__(self) -> None:
        if not self.controller:
            object.__setattr__(self, "controller", f"did:key:{self.public_multibase}")

    @property
    def public_multibase(self) -> str:
        number = int.from_bytes(b"\xed\x01" + bytes(SigningKey(self.seed).verify_key))
        digits = ""
        while number:
            number, digit = divmod(number, 58)
            digits = _BASE58[digit] + digits
        return f"z{digits}"

    @property
    def verification_method(self) -> str:
        fragment = self.public_multibase if self.controller.startswith("did:key:") else "key-1"
        return f"{self.controller}#{fragment}"

    @property
    def did_document(self) -> Json:
        method = {
            "id": self.verification_method,
            "type": "Multikey",
            "controller": self.controller,
            "publicKeyMultibase": self.public_multibase,
        }
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.controller,
            "verificationMethod": [method],
            "assertionMethod": [self.verification_method],
        }


class JudgeFailed(Exception):
    """A judge broke down, or would not issue: the rig or the test is wrong, not a credential."""


class Judges:
    """The running judges; use as a context manager. Processes start at the first question."""

    def __init__(self) -> None:
        node = shutil.which("node") or "node"
        self._node = _Process([node, str(NODE_SCRIPT)])
        # isolated: neither Cairn nor the environment's own packages reach the judges
        self._python = _Process([str(JUDGES_PYTHON), "-I", str(PYTHON_SCRIPT)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._node.close()
        self._python.close()

    def verdict(
        self,
        judge: Judge,
        document: Json,
        *,
        checks: Literal["all", "proof"] = "all",
        did_documents: Mapping[str, Json] | None = None,
        documents: Mapping[str, Json | str] | None = None,
        registries: list[Json] | None = None,
    ) -> Verdict:
        """What `judge` says of `document`.

        `checks="proof"` asks for the signature only, not for issuer, dates and status;
        verifier-core cannot. `did_documents` is keyed by DID, `documents` by URL: further
        contexts, status lists, schemas. `registries` are verifier-core's known DID registries.
        """
        if checks == "proof" and judge is Judge.VERIFIER_CORE:
            raise ValueError("verifier-core checks everything or nothing")
        answer = self._process(judge).ask(
            op="verify",
            judge=judge,
            document=document,
            checks=checks,
            didDocuments=dict(did_documents or {}),
            documents=dict(documents or {}),
            registries=registries or [],
        )
        return Verdict(judge, answer["verified"], answer["error"], answer.get("detail", {}))

    def issue(
        self,
        judge: Judge,
        unsigned: Json,
        *,
        key: Key,
        cryptosuite: Cryptosuite = "eddsa-rdfc-2022",
        created: str = CREATED,
        documents: Mapping[str, Json] | None = None,
    ) -> Json:
        """`unsigned` with a proof by `judge`; the same input gives the same bytes.

        Raises `JudgeFailed` where the judge would not sign.
        """
        if judge is Judge.VERIFIER_CORE or judge not in VERIFIERS[cryptosuite]:
            raise ValueError(f"{judge} does not issue {cryptosuite}")
        answer = self._process(judge).ask(
            op="issue",
            judge=judge,
            document=unsigned,
            cryptosuite=cryptosuite,
            seed=key.seed.hex(),
            verificationMethod=key.verification_method,
            created=created,
            documents=dict(documents or {}),
        )
        document: Json = _only(answer, "document")
        return document

    def canonize(self, document: Json, *, documents: Mapping[str, Json] | None = None) -> str:
        """The RDFC-1.0 canonical N-Quads of `document`, by jsonld.js and rdf-canonize."""
        answer = self._node.ask(op="canonize", document=document, documents=dict(documents or {}))
        nquads: str = _only(answer, "nquads")
        return nquads

    def ask_node(self, op: str, **request: Any) -> Json:
        """The answer of the npm judges to another operation of judge.mjs, such as `verifyToken`."""
        return self._node.ask(op=op, **request)

    def process_id(self, judge: Judge) -> int:
        """The process that answers for `judge`, once it was asked something; for measuring it."""
        return self._process(judge).id

    def _process(self, judge: Judge) -> "_Process":
        return self._python if judge in (Judge.OPENBADGESLIB, Judge.OPENVC) else self._node


def not_installed() -> list[str]:
    """The judges that `make interop` has yet to install."""
    node = shutil.which("node") and (HERE / "npm" / "node_modules" / ".package-lock.json").exists()
    return [
        name
        for name, there in (("npm judges", node), ("Python judges", JUDGES_PYTHON.exists()))
        if not there
    ]


def _only(answer: Json, name: str) -> Any:
    if name not in answer:
        raise JudgeFailed(answer["error"])
    return answer[name]


class _Process:
    """A judge process, started at the first question and again after a breakdown."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._running: subprocess.Popen[str] | None = None
        self._complaints: IO[str] | None = None

    def ask(self, **request: Any) -> Json:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        watchdog = threading.Timer(TIMEOUT_SECONDS, process.kill)
        watchdog.start()
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            watchdog.cancel()
        if not line:
            raise JudgeFailed(f"{Path(self._command[-1]).name} broke down:\n{self.close()}")
        answer: Json = json.loads(line)
        return answer

    @property
    def id(self) -> int:
        assert self._running is not None
        return self._running.pid

    def close(self) -> str:
        """Stop the process; what it had written to its error stream."""
        process, complaints = self._running, self._complaints
        self._running = self._complaints = None
        if process is None or complaints is None:
            return ""
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            _close_quietly(pipe)
        complaints.seek(0)
        with complaints:
            return complaints.read()[-2000:]

    def _started(self) -> subprocess.Popen[str]:
        if self._running is None:
            self._complaints = TemporaryFile("w+")  # noqa: SIM115 - closed with the process
            environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
            self._running = subprocess.Popen(  # noqa: S603 - the commands are in this file
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                text=True,
                env=environment,
            )
        return self._running


def _close_quietly(pipe: IO[str] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except BrokenPipeError:  # closing flushes what a dead process never read
        pass
