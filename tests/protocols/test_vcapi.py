"""`cairn vcapi` over TLS on loopback: the VC-API contract, and what a stranger may not do."""

import json
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
import trustme

from cairn.cli.issuer import create_issuer
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.proofs.data_integrity import add_proof
from cairn.core.rdf.document import Vocabulary
from cairn.protocols.vcapi.app import MAX_BODY
from tests.core.badges import badge

TOKEN = "correct-horse-battery-staple"


class Client:
    """Asks the running service; gives status and JSON."""

    def __init__(self, origin: str, tls: ssl.SSLContext) -> None:
        self.origin = origin
        self.tls = tls

    def post(self, path: str, body: Any, *, token: str = TOKEN) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
        request = urllib.request.Request(f"{self.origin}{path}", data, headers)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, context=self.tls, timeout=20) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read())
        except HTTPError as err:
            return err.code, json.loads(err.read())


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("vcapi")
    for kind in (KeyType.ED25519, KeyType.P256):
        create_issuer(
            folder / kind.value,
            name="Conformance",
            base_url="https://vcapi.example",
            method="key",
            kind=kind,
            passphrase=None,
        )
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    tls = ssl.create_default_context()
    authority.configure_trust(tls)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = _serve(folder, port)
    try:
        client = Client(f"https://localhost:{port}", tls)
        _wait(client, process)
        yield client
    finally:
        process.terminate()
        process.wait(10)


def _serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    arguments = [
        *(f"--issuer={folder / kind.value}" for kind in (KeyType.ED25519, KeyType.P256)),
        f"--port={port}",
        f"--tls-certificate={folder / 'cert.pem'}",
        f"--tls-key={folder / 'key.pem'}",
        "--examples",
    ]
    command = [sys.executable, "-c", "from cairn.cli.main import main; main()", "vcapi", *arguments]
    environment = {"CAIRN_VCAPI_TOKEN": TOKEN, "CAIRN_STATE_DIR": str(folder / "state")}
    return subprocess.Popen(command, env=environment)  # noqa: S603 - our own command


def _wait(client: Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert process.poll() is None, "the service ended"
        try:
            client.post("/credentials/verify", {})
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the service does not answer")


def unsigned() -> dict[str, Any]:
    document = badge()
    del document["endorsement"], document["credentialStatus"]
    del document["credentialSubject"]["achievement"]["creator"]
    return document


SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"]


@pytest.mark.parametrize("suite", SUITES)
def test_what_is_issued_is_verified_and_what_is_altered_is_not(client: Client, suite: str) -> None:
    status, answer = client.post(f"/{suite}/credentials/issue", {"credential": unsigned()})
    assert status == 201
    credential = answer["verifiableCredential"]
    assert credential["proof"]["cryptosuite"] == suite
    status, answer = client.post("/credentials/verify", {"verifiableCredential": credential})
    assert (status, answer["verified"]) == (200, True)
    credential["name"] = "Another"
    status, answer = client.post("/credentials/verify", {"verifiableCredential": credential})
    assert (status, answer["verified"]) == (400, False)
    assert answer["errors"]


def test_issuing_needs_the_token(client: Client) -> None:
    for token in ("", "wrong", TOKEN + "x"):
        status, answer = client.post("/credentials/issue", {"credential": unsigned()}, token=token)
        assert status == 401
        assert "verifiableCredential" not in answer


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"[" * 10_000,
        b'{"verifiableCredential":null}',
        b'{"verifiableCredential":5}',
        b'{"verifiableCredential":[]}',
        b'{"verifiableCredential":{}}',
        b'{"verifiableCredential":"eyJ.x.y"}',
        b'{"verifiableCredential":{"type":["VerifiableCredential"]}}',
        b'{"verifiableCredential":{},"verifiableCredential":{}}',
        b" " * (2**21 + 1),
    ],
)
def test_bad_input_is_400_with_an_error_and_never_500(client: Client, body: bytes) -> None:
    status, answer = client.post("/credentials/verify", body)
    assert status == 400
    assert answer["errors"][0]["title"]


@pytest.mark.parametrize("credential", [None, 5, [], "x", {}, {"type": "VerifiableCredential"}])
def test_what_is_no_credential_is_not_signed(client: Client, credential: Any) -> None:
    assert client.post("/credentials/issue", {"credential": credential})[0] == 400


@pytest.mark.parametrize(
    "path", ["/", "/credentials", "/credentials/derive", "/a/b/credentials/issue"]
)
def test_other_addresses_do_not_exist(client: Client, path: str) -> None:
    assert client.post(path, {})[0] == 404


def test_nobody_signs_in_anothers_name(client: Client) -> None:
    credential = {**unsigned(), "issuer": {"id": "did:web:harvard.example", "name": "Harvard"}}
    _, answer = client.post("/credentials/issue", {"credential": credential})
    assert answer["verifiableCredential"]["issuer"]["id"].startswith("did:key:")


HOLDER = PrivateKey.from_seed(KeyType.ED25519, b"\x51" * 32)
HOLDER_DID = f"did:key:{HOLDER.public.multikey}"


def presentation(credential: dict[str, Any], challenge: str, domain: str) -> dict[str, Any]:
    """A presentation by a did:key holder, signed with jcs for this occasion."""
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER_DID,
        "verifiableCredential": [credential],
    }
    return add_proof(
        document,
        HOLDER,
        Vocabulary(),
        cryptosuite="eddsa-jcs-2022",
        verification_method=f"{HOLDER_DID}#{HOLDER.public.multikey}",
        created="2026-06-01T00:00:00Z",
        purpose="authentication",
        extra={"challenge": challenge, "domain": domain},
    )


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"challenge": "c1", "domain": "shop.example"}, 200),
        ({"challenge": "c1"}, 200),
        ({}, 200),
        ({"challenge": "c2", "domain": "shop.example"}, 400),
        ({"challenge": "c1", "domain": "other.example"}, 400),
        ([], 400),
    ],
)
def test_a_presentation_is_verified_for_what_is_asked(
    client: Client, options: Any, status: int
) -> None:
    _, issued = client.post("/credentials/issue", {"credential": unsigned()})
    shown = presentation(issued["verifiableCredential"], "c1", "shop.example")
    body = {"verifiablePresentation": shown, "options": options}
    found, answer = client.post("/presentations/verify", body)
    assert found == status, answer
    assert answer["verified"] is (status == 200)


def test_a_presentation_of_an_altered_credential_is_refused(client: Client) -> None:
    _, issued = client.post("/credentials/issue", {"credential": unsigned()})
    altered = {**issued["verifiableCredential"], "name": "Astrophysics"}
    body = {"verifiablePresentation": presentation(altered, "c1", "d")}
    status, answer = client.post("/presentations/verify", body)
    assert (status, answer["verified"]) == (400, False)
    assert answer["credentialResults"][0]["outcome"] == "altered"


@pytest.mark.parametrize("shown", [None, 5, "x", [], {}, {"type": "VerifiablePresentation"}])
def test_what_is_no_presentation_is_400(client: Client, shown: Any) -> None:
    assert client.post("/presentations/verify", {"verifiablePresentation": shown})[0] == 400


def test_a_document_of_the_examples_is_signed_whole(client: Client) -> None:
    credential = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://www.w3.org/ns/credentials/examples/v2",
        ],
        "type": ["VerifiableCredential", "ExampleDegreeCredential"],
        "credentialSubject": {"id": "did:example:1", "degree": {"type": "ExampleBachelorDegree"}},
    }
    status, issued = client.post("/credentials/issue", {"credential": credential})
    assert status == 201
    signed = issued["verifiableCredential"]
    assert client.post("/credentials/verify", {"verifiableCredential": signed})[0] == 200
    signed["credentialSubject"]["degree"]["type"] = "ExampleDoctorate"
    assert client.post("/credentials/verify", {"verifiableCredential": signed})[0] == 400


@pytest.mark.parametrize(("size", "words"), [(MAX_BODY, "expected"), (MAX_BODY + 1, "at most")])
def test_a_request_may_be_as_long_as_the_bound_and_no_longer(
    client: Client, size: int, words: str
) -> None:
    status, answer = client.post("/credentials/verify", b"[" + b" " * (size - 2) + b"]")
    assert status == 400
    assert words in str(answer)


def plain(**members: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:learner"},
        **members,
    }


@pytest.mark.parametrize("suite", SUITES)
def test_no_document_defines_its_own_terms(client: Client, suite: str) -> None:
    """As decided in docs/adr/0017, though VC 2.0 permits it."""
    for context in ({"degree": "https://x.example/degree"}, "https://x.example/context"):
        document = plain(**{"@context": [*plain()["@context"], context]})
        status, answer = client.post(f"/{suite}/credentials/issue", {"credential": document})
        assert status == 400, answer


@pytest.mark.parametrize("suite", SUITES)
def test_a_direction_is_signed_only_where_the_json_is(client: Client, suite: str) -> None:
    name = {"@value": "دورة", "@language": "ar", "@direction": "rtl"}
    status, answer = client.post(f"/{suite}/credentials/issue", {"credential": plain(name=name)})
    assert status == (201 if "jcs" in suite else 400), answer
    if status == 201:
        status, answer = client.post("/credentials/verify", answer)
        assert (status, answer["verified"]) == (200, True)
