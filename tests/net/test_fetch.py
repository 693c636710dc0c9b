"""`cairn.net.fetch`: what it refuses to touch, and the bounds on what it takes.

Servers are real and on the loopback.  "The internet" is a table from public addresses to them: the
lowest call of the standard library is steered there, so that rules for public hosts are tested end
to end, and a connection to any other address fails the test that made it.
"""

import gzip
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Thread

import pytest
import trustme

from cairn.core.errors import Malformed, NotAllowed, Unobtainable
from cairn.net.addresses import is_public
from cairn.net.fetch import Fetched, Fetcher, allow_origins_from, resolve_host
from cairn.net.urls import MAX_URL_CHARACTERS, Target
from tests.net.servers import Server, redirect, response, serve

PUBLIC, PUBLIC_TOO, PUBLIC_V6 = "93.184.215.14", "151.101.1.1", "2a00:1450:4001::1"


@dataclass
class Internet:
    """A few public addresses, and a trap everywhere else."""

    routes: dict[str, int] = field(default_factory=dict)  # address → port of a local server
    dialled: list[str] = field(default_factory=list)
    trapped: list[str] = field(default_factory=list)

    def connect(
        self,
        address: tuple[str, int],
        timeout: float | None = None,
        source_address: tuple[str, int] | None = None,
    ) -> socket.socket:
        host, port = address
        self.dialled.append(host)
        if host in self.routes and port == 443:
            return real_connect(("127.0.0.1", self.routes[host]), timeout)
        self.trapped.append(f"{host}:{port}")
        raise ConnectionRefusedError


real_connect = socket.create_connection


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    box = Internet()
    monkeypatch.setattr(socket, "create_connection", box.connect)
    return box


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture(scope="module")
def certified(authority: trustme.CA) -> Callable[[str], ssl.SSLContext]:
    """A server's side of TLS, with a certificate for the given name."""

    def for_name(name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    return for_name


class Resolver:
    """Gives each name its answers in turn, the last for ever, and counts the questions."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self.answers = {name.replace("_", "."): list(turns) for name, turns in answers.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self.answers:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        turns = self.answers[host]
        return turns.pop(0) if len(turns) > 1 else turns[0]


def listed(server: Server, *, max_bytes: int = 256 * 1024, timeout_seconds: float = 3.0) -> Fetcher:
    """A fetcher that may read this server on the loopback, and nothing else there."""
    return Fetcher(frozenset({server.origin}), max_bytes=max_bytes, timeout_seconds=timeout_seconds)


# What may not be touched


NAMES: dict[str, list[Sequence[str]]] = {
    "inside.example": [["10.1.2.3"]],
    "mixed.example": [[PUBLIC, "127.0.0.1"]],
    "mixed6.example": [[PUBLIC, "::1"]],
    "mapped.example": [["::ffff:169.254.169.254"]],
    "scoped.example": [["fe80::1%eth0"]],
    "localhost": [[PUBLIC]],  # whatever a resolver claims
}

HOSTILE = [
    # loopback, unspecified and private, as they are
    "https://127.0.0.1/",
    "https://127.0.0.53/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
    "https://192.0.0.192/",
    "https://198.18.0.1/",
    "https://192.0.2.1/",
    "https://198.51.100.7/",
    "https://203.0.113.9/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    # IPv6
    "https://[::1]/",
    "https://[::]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:5ef5:79fb::1]/",
    "https://[2001:db8::1]/",
    "https://[3fff::1]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[100::1]/",
    "https://[5f00::1]/",
    # disguises
    "https://2130706433/",
    "https://0x7f000001/",
    "https://017700000001/",
    "https://127.1/",
    "https://0177.0.0.1/",
    "https://127.0.0.0x1/",
    "https://0x7f.0.0.1/",
    "https://127.0.0.1./",
    "https://010.0.0.1/",
    "https://１２７.０.０.１/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://%31%32%37.0.0.1/",
    # names
    "https://localhost/",
    "https://LOCALHOST./",
    "https://ⓛocalhost/",
    "https://a.localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://intranet/",
    "https://inside.example/",
    "https://mixed.example/",
    "https://mixed6.example/",
    "https://mapped.example/",
    "https://scoped.example/",
    # forms of a URL that parsers disagree on, or that are none of our business
    "https://public.example@127.0.0.1/",
    "https://user:secret@public.example/",
    "https://public.example\\@127.0.0.1/",
    "https://127.0.0.1\t/",
    "https://public.example:443:22/",
    "https://public.example:22/",
    "https://public.example:80/",
    "https://public.example:0/",
    "https://public.example:99999/",
    "https://public.example:４４３/",
    "https://public.example:/",
    "https:///",
    "https://..example/",
    "https://[::1/",
    "https://[127.0.0.1]/",
    "http://public.example/",
    "http://public.example:443/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "ftp://public.example/",
    "//public.example/",
    "https:public.example",
    "javascript:alert(1)",
    "data:text/plain,hello",
    " https://public.example/",
    "https://public.example/é",
    "https://public.example/a b",
    "https://public.example/a\tb",
    "https://public.example/a\x00",
    "https://public.example/\\@127.0.0.1/",
    "https://xn--\ud800.example/",
    "https://public.example/" + "a" * MAX_URL_CHARACTERS,
    "",
]


@pytest.mark.parametrize("url", HOSTILE, ids=lambda url: ascii(url)[:60])
def test_a_hostile_url_is_refused_before_anything_is_sent(url: str, internet: Internet) -> None:
    resolver = Resolver()
    resolver.answers = {**NAMES, "public.example": [[PUBLIC]]}
    with pytest.raises(NotAllowed):
        Fetcher(resolve=resolver).get(url)
    assert internet.dialled == []
    assert len(resolver.asked) <= 1


def test_the_corpus_is_not_shrinking() -> None:
    assert len(set(HOSTILE)) >= 80


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_TOO, PUBLIC_V6, "1.1.1.1", "2606:4700::1111"])
def test_public_hosts_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("100.64.0.0", "100.63.255.255"),
        ("100.127.255.255", "100.128.0.0"),
        ("172.31.255.255", "172.32.0.0"),
        ("198.19.255.255", "198.20.0.0"),
        ("224.0.0.0", "223.255.255.255"),
        ("2001:1ff::", "2001:200::"),
        ("2002:ffff::", "2003::"),
        ("4000::", "3ffe::"),
    ],
)
def test_the_edges_of_the_ranges(inside: str, outside: str) -> None:
    assert not is_public(inside)
    assert is_public(outside)


def test_what_is_no_address_is_malformed() -> None:
    with pytest.raises(Malformed, match="not an IP address"):
        is_public("public.example")


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("http://public.example/", "http://public.example:80"),
        ("https://public.example:8443/", "https://public.example:8443"),
        ("https://inside.example/", "inside.example"),
        ("https://intranet/", "intranet"),
    ],
)
def test_a_refusal_names_what_was_refused_and_how_to_permit_it(url: str, names: str) -> None:
    resolver = Resolver(inside_example=[["10.1.2.3"]])
    with pytest.raises(NotAllowed, match=r"CAIRN_FETCH_ALLOW.*--allow-origin") as refusal:
        Fetcher(resolve=resolver).get(url)
    assert names in str(refusal.value)
    assert "10.1.2.3" not in str(refusal.value)  # the inside of our network stays inside


def test_a_name_without_address_is_unobtainable(internet: Internet) -> None:
    with pytest.raises(Unobtainable, match=r"nowhere\.example"):
        Fetcher(resolve=Resolver()).get("https://nowhere.example/")
    with pytest.raises(Unobtainable, match=r"empty\.example"):
        Fetcher(resolve=Resolver(empty_example=[[]])).get("https://empty.example/")


# The internet: names, certificates, rebinding


@pytest.fixture
def issuer_site(
    internet: Internet, certified: Callable[[str], ssl.SSLContext]
) -> Iterator[Callable[..., Server]]:
    """Puts a TLS site for a name at a public address."""
    running = []

    def put(name: str, answer: Callable[[str], Iterable[bytes]], at: str = PUBLIC) -> Server:
        running.append(serve(answer, tls=certified(name)))
        server = running[-1].__enter__()
        internet.routes[at] = server.port
        return server

    yield put
    for server in running:
        server.__exit__(None, None, None)


def test_a_public_document_is_fetched(
    issuer_site: Callable[..., Server], internet: Internet, trusting: ssl.SSLContext
) -> None:
    head = ("Content-Type: Application/JSON; charset=utf-8", "Cache-Control: public, max-age=90")
    site = issuer_site("public.example", lambda path: [response(path.encode(), *head)])
    resolver = Resolver(public_example=[[PUBLIC]])
    fetched = Fetcher(resolve=resolver, tls=trusting).get("https://PUBLIC.example.:443/l?a=b#9")
    assert fetched == Fetched("https://public.example/l?a=b", b"/l?a=b", "application/json", 90)
    assert internet.dialled == [PUBLIC]
    assert "\r\nHost: public.example\r\n" in site.heads[0]


def test_nothing_about_us_is_sent(
    issuer_site: Callable[..., Server],
    internet: Internet,
    trusting: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:3128")
    site = issuer_site("public.example", lambda path: [response(b"", "Set-Cookie: a=b")])
    fetcher = Fetcher(resolve=Resolver(public_example=[[PUBLIC]]), tls=trusting)
    fetcher.get("https://public.example/")
    fetcher.get("https://public.example/")
    names = [line.split(":")[0] for line in site.heads[1].split("\r\n")[1:] if line]
    assert names == ["Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"]
    assert "Accept-Encoding: identity" in site.heads[1]
    assert "\r\nAccept: application/vc, " in site.heads[1]
    assert internet.trapped == []


def test_a_name_in_another_script_is_asked_in_ascii(
    issuer_site: Callable[..., Server], trusting: ssl.SSLContext
) -> None:
    site = issuer_site("xn--bcher-kva.example", lambda path: [response(b"ja")])
    resolver = Resolver()
    resolver.answers["xn--bcher-kva.example"] = [[PUBLIC]]
    assert Fetcher(resolve=resolver, tls=trusting).get("https://Bücher.example/").body == b"ja"
    assert "\r\nHost: xn--bcher-kva.example\r\n" in site.heads[0]


def test_a_certificate_for_another_name_is_refused(
    issuer_site: Callable[..., Server], trusting: ssl.SSLContext
) -> None:
    site = issuer_site("other.example", lambda path: [response(b"forged")])
    fetcher = Fetcher(resolve=Resolver(public_example=[[PUBLIC]]), tls=trusting)
    with pytest.raises(Unobtainable, match="certificate that is not valid for it"):
        fetcher.get("https://public.example/")
    assert site.heads == []


def test_a_certificate_of_an_unknown_authority_is_refused(
    issuer_site: Callable[..., Server],
) -> None:
    site = issuer_site("public.example", lambda path: [response(b"forged")])
    with pytest.raises(Unobtainable, match="certificate that is not valid for it"):
        Fetcher(resolve=Resolver(public_example=[[PUBLIC]])).get("https://public.example/")
    assert site.heads == []


@pytest.mark.parametrize("weaken", ["name", "all"])
def test_tls_without_checks_is_not_taken(weaken: str) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    if weaken == "all":
        context.verify_mode = ssl.CERT_NONE
    with pytest.raises(NotAllowed, match="check certificates"):
        Fetcher(tls=context)


def test_a_listed_origin_is_still_checked_for_its_name(
    certified: Callable[[str], ssl.SSLContext], trusting: ssl.SSLContext
) -> None:
    with serve(lambda path: [response(b"ours")], tls=certified("good.example")) as server:
        resolver = Resolver(good_example=[["127.0.0.1"]], bad_example=[["127.0.0.1"]])
        good, bad = (f"https://{name}.example:{server.port}" for name in ("good", "bad"))
        fetcher = Fetcher(frozenset({good, bad}), resolve=resolver, tls=trusting)
        assert fetcher.get(f"{good}/").body == b"ours"
        with pytest.raises(Unobtainable, match="certificate"):
            fetcher.get(f"{bad}/")


def test_the_name_is_resolved_once_so_rebinding_finds_nothing(
    issuer_site: Callable[..., Server], internet: Internet, trusting: ssl.SSLContext
) -> None:
    issuer_site("rebind.example", lambda path: [response(b"fine")])
    resolver = Resolver(rebind_example=[[PUBLIC], ["127.0.0.1"]])
    assert Fetcher(resolve=resolver, tls=trusting).get("https://rebind.example/").body == b"fine"
    assert resolver.asked == ["rebind.example"]
    assert internet.dialled == [PUBLIC]


def test_rebinding_between_two_hops_is_refused(
    issuer_site: Callable[..., Server], internet: Internet, trusting: ssl.SSLContext
) -> None:
    issuer_site("rebind.example", lambda path: [redirect("/again")])
    resolver = Resolver(rebind_example=[[PUBLIC], ["127.0.0.1"]])
    with pytest.raises(NotAllowed, match="not on the public internet"):
        Fetcher(resolve=resolver, tls=trusting).get("https://rebind.example/")
    assert resolver.asked == ["rebind.example"] * 2
    assert internet.dialled == [PUBLIC]


def test_the_next_address_is_tried_when_one_is_dead(
    issuer_site: Callable[..., Server], internet: Internet, trusting: ssl.SSLContext
) -> None:
    issuer_site("public.example", lambda path: [response(b"here")])
    resolver = Resolver(public_example=[[PUBLIC_V6, PUBLIC_TOO, PUBLIC]])
    assert Fetcher(resolve=resolver, tls=trusting).get("https://public.example/").body == b"here"
    assert internet.dialled == [PUBLIC_V6, PUBLIC_TOO, PUBLIC]


def test_a_host_with_many_dead_addresses_is_given_up(internet: Internet) -> None:
    resolver = Resolver(public_example=[[f"93.184.215.{last}" for last in range(1, 100)]])
    with pytest.raises(Unobtainable, match="does not accept connections"):
        Fetcher(resolve=resolver).get("https://public.example/")
    assert len(internet.dialled) == 4


# Redirects


@pytest.mark.parametrize(
    "location",
    [
        "https://127.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "//169.254.169.254/latest",
        "https://localhost/",
        "https://inside.example/",
        "https://public.example:8443/",
        "http://public.example/",
        "file:///etc/passwd",
        "https://user@public.example/",
        "https://[::1/",
        "/a b",
        "https://public.example/a\tb",
        "\\\\127.0.0.1\\",
    ],
)
def test_a_redirect_is_checked_like_the_first_url(
    location: str,
    issuer_site: Callable[..., Server],
    internet: Internet,
    trusting: ssl.SSLContext,
) -> None:
    issuer_site("public.example", lambda path: [redirect(location)])
    resolver = Resolver(public_example=[[PUBLIC]], inside_example=[["10.1.2.3"]])
    with pytest.raises(NotAllowed):
        Fetcher(resolve=resolver, tls=trusting).get("https://public.example/")
    assert internet.dialled == [PUBLIC]


def test_a_redirect_to_a_listed_origin_may_not_leave_https(
    issuer_site: Callable[..., Server], internet: Internet, trusting: ssl.SSLContext
) -> None:
    with serve(lambda path: [response(b"ours")]) as server:
        issuer_site("public.example", lambda path: [redirect(f"{server.origin}/")])
        resolver = Resolver(public_example=[[PUBLIC]])
        fetcher = Fetcher(frozenset({server.origin}), resolve=resolver, tls=trusting)
        with pytest.raises(NotAllowed, match="from https to http"):
            fetcher.get("https://public.example/")
        assert server.connects == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_public_site_is_followed(
    status: int,
    issuer_site: Callable[..., Server],
    internet: Internet,
    trusting: ssl.SSLContext,
) -> None:
    issuer_site("a.example", lambda path: [redirect("https://b.example/x", status)])
    issuer_site("b.example", lambda path: [response(b"moved")], at=PUBLIC_TOO)
    resolver = Resolver(a_example=[[PUBLIC]], b_example=[[PUBLIC_TOO]])
    fetched = Fetcher(resolve=resolver, tls=trusting).get("https://a.example/")
    assert (fetched.url, fetched.body) == ("https://b.example/x", b"moved")
    assert internet.dialled == [PUBLIC, PUBLIC_TOO]


def countdown(path: str) -> list[bytes]:
    """/2 redirects to /1 and that to /0, which is the document."""
    left = int(path[1:])
    return [redirect(f"/{left - 1}") if left else response(b"there")]


def test_two_redirects_are_followed_and_a_third_is_not() -> None:
    with serve(countdown) as server:
        assert listed(server).get(f"{server.origin}/2").body == b"there"
        with pytest.raises(Unobtainable, match="more than 2 times"):
            listed(server).get(f"{server.origin}/3")
        assert server.connects == 3 + 3


def test_a_redirect_without_a_place_is_unobtainable() -> None:
    with (
        serve(lambda path: [response(status=302)]) as server,
        pytest.raises(Unobtainable, match="without saying where"),
    ):
        listed(server).get(f"{server.origin}/")


# Bounds


def framed_by_length(body: bytes) -> list[bytes]:
    return [response(body)]


def framed_by_chunks(body: bytes) -> list[bytes]:
    head = response(b"", "Transfer-Encoding: chunked")
    return [head, b"%x\r\n" % len(body) + body + b"\r\n", b"0\r\n\r\n"]


def framed_by_end(body: bytes) -> list[bytes]:
    return [b"HTTP/1.0 200 OK\r\n\r\n", body]


@pytest.mark.parametrize("framed", [framed_by_length, framed_by_chunks, framed_by_end])
def test_a_document_may_be_as_large_as_the_bound_and_no_larger(
    framed: Callable[[bytes], list[bytes]],
) -> None:
    with serve(lambda path: framed(b"x" * int(path[1:]))) as server:
        fetcher = listed(server, max_bytes=70_000)
        assert len(fetcher.get(f"{server.origin}/70000").body) == 70_000
        with pytest.raises(Unobtainable, match="larger than 70000 bytes"):
            fetcher.get(f"{server.origin}/70001")


def test_an_endless_document_ends_at_the_bound() -> None:
    def endless(path: str) -> Iterator[bytes]:
        yield b"HTTP/1.0 200 OK\r\n\r\n"
        while True:
            yield b"x" * 65_536

    with (
        serve(endless) as server,
        pytest.raises(Unobtainable, match="larger than"),
    ):
        listed(server).get(f"{server.origin}/")


def test_a_compressed_answer_is_refused_unread() -> None:
    bomb = response(gzip.compress(bytes(10_000_000)), "Content-Encoding: gzip")
    with (
        serve(lambda path: [bomb]) as server,
        pytest.raises(Unobtainable, match="compressed"),
    ):
        listed(server).get(f"{server.origin}/")


def test_an_answer_cut_short_is_not_a_document() -> None:
    cut = response(b"half", "Content-Length: 8")
    with (
        serve(lambda path: [cut]) as server,
        pytest.raises(Unobtainable, match="broke off"),
    ):
        listed(server).get(f"{server.origin}/")


@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 401, 404, 500])
def test_only_status_200_is_a_document(status: int) -> None:
    with (
        serve(lambda path: [response(b"", status=status)]) as server,
        pytest.raises(Unobtainable, match=f"status {status}"),
    ):
        listed(server).get(f"{server.origin}/")


@pytest.mark.parametrize(
    "nonsense",
    [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", b"\x00" * 300_000],
    ids=["nothing", "prose", "bad header", "flood of zeros"],
)
def test_what_is_not_http_is_unobtainable(nonsense: bytes) -> None:
    with (
        serve(lambda path: [nonsense]) as server,
        pytest.raises(Unobtainable, match=r"HTTP|broke"),
    ):
        listed(server).get(f"{server.origin}/")


def drip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        time.sleep(0.05)


def informed_for_ever() -> Iterator[bytes]:
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda path: drip([b""] * 100), id="silence"),
        pytest.param(lambda path: drip([b"H", b"T"] * 50), id="dripping status"),
        pytest.param(
            lambda path: drip([b"HTTP/1.1 200 OK\r\n", *[b"a: b\r\n"] * 100]), id="dripping headers"
        ),
        pytest.param(
            lambda path: drip([b"HTTP/1.0 200 OK\r\n\r\n", *[b"x"] * 100]), id="dripping body"
        ),
        pytest.param(lambda path: informed_for_ever(), id="endless early hints"),
    ],
)
def test_a_slow_server_is_left_at_the_deadline(answer: Callable[[str], Iterable[bytes]]) -> None:
    with serve(answer) as server:
        started = time.monotonic()
        with pytest.raises(Unobtainable, match=r"within 0\.3 seconds"):
            listed(server, timeout_seconds=0.3).get(f"{server.origin}/")
        assert 0.2 < time.monotonic() - started < 1.5


def test_the_deadline_is_for_all_hops_together() -> None:
    def slow(path: str) -> Iterator[bytes]:
        time.sleep(0.2)
        yield from countdown(path)

    with serve(slow) as server:
        with pytest.raises(Unobtainable, match="within"):
            listed(server, timeout_seconds=0.35).get(f"{server.origin}/2")
        assert listed(server, timeout_seconds=2.0).get(f"{server.origin}/1").body == b"there"


def test_a_server_that_never_finishes_its_handshake_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"https://127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(Unobtainable, match="within"):
            Fetcher(frozenset({origin}), timeout_seconds=0.3).get(f"{origin}/")
        assert time.monotonic() - started < 1.5


def test_resolving_counts_against_the_deadline() -> None:
    def stuck(host: str, port: int) -> Sequence[str]:
        time.sleep(0.6)
        return [PUBLIC]

    started = time.monotonic()
    with pytest.raises(Unobtainable, match="within"):
        Fetcher(resolve=stuck, timeout_seconds=0.2).get("https://public.example/")
    assert time.monotonic() - started < 0.55


def test_a_closed_port_is_unobtainable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        origin = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(Unobtainable, match="does not accept connections"):
        Fetcher(frozenset({origin})).get(f"{origin}/")


def test_a_connection_reset_is_unobtainable() -> None:
    def reset() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            at_once = struct.pack("ii", 1, 0)  # no lingering: closing sends RST
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        rude = Thread(target=reset)
        rude.start()
        with pytest.raises(Unobtainable, match="broke the connection off"):
            Fetcher(frozenset({origin})).get(f"{origin}/")
        rude.join()


def test_plain_http_on_a_tls_port_is_unobtainable() -> None:
    def speak_first() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(response(b"plain"))
            connection.recv(4096)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"https://127.0.0.1:{listener.getsockname()[1]}"
        speaker = Thread(target=speak_first)
        speaker.start()
        with pytest.raises(Unobtainable, match="does not speak TLS"):
            Fetcher(frozenset({origin})).get(f"{origin}/")
        speaker.join()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("max-age=60", 60),
        ("Public, Max-Age = 600", 600),
        ('max-age="5"', 5),
        ("max-age=99999999999", 999999999),
        ("no-store, max-age=60", 0),
        ("no-cache", 0),
        ("s-maxage=60, x-max-age=5", None),
        ("max-age=-1", None),
        ("max-age", None),
        ("public", None),
    ],
)
def test_how_long_a_document_may_be_kept(header: str, seconds: int | None) -> None:
    with serve(lambda path: [response(b"", f"Cache-Control: {header}")]) as server:
        assert listed(server).get(f"{server.origin}/").max_age_seconds == seconds


def test_a_server_may_say_nothing_about_its_document() -> None:
    with serve(lambda path: [response(b"x")]) as server:
        fetched = listed(server).get(f"{server.origin}/")
    assert (fetched.content_type, fetched.max_age_seconds) == ("", None)


# The allow list


def test_a_listed_origin_is_exact() -> None:
    with serve(lambda path: [response(b"ours")]) as server, serve(lambda path: []) as trap:
        fetcher = listed(server)
        assert fetcher.get(f"{server.origin}/any/path?at=all").body == b"ours"
        for other in (
            f"{trap.origin}/",
            f"http://localhost:{server.port}/",
            f"http://127.0.0.2:{server.port}/",
            f"https://127.0.0.1:{server.port}/",
            f"http://[::1]:{server.port}/",
        ):
            with pytest.raises(NotAllowed):
                fetcher.get(other)
        assert (server.connects, trap.connects) == (1, 0)


def test_a_listed_name_is_resolved_and_may_be_local() -> None:
    with serve(lambda path: [response(b"ours")]) as server:
        origin = f"http://localhost:{server.port}"
        fetcher = Fetcher(frozenset({origin}), resolve=resolve_host)
        assert fetcher.get(f"{origin}/").body == b"ours"


def test_the_allow_list_is_read_in_any_spelling() -> None:
    text = "http://127.0.0.1:8000, https://A.example\nhttps://[0::1]:8443,,http://b.example."
    assert allow_origins_from(text) == {
        "http://127.0.0.1:8000",
        "https://a.example:443",
        "https://[::1]:8443",
        "http://b.example:80",
    }
    assert allow_origins_from(" ") == frozenset()
    assert Fetcher(frozenset({"https://A.example"})).allow_origins == {"https://a.example:443"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("127.0.0.1:8000", "not an origin"),
        ("//a.example", "not an origin"),
        ("http://a.example/", "no path"),
        ("http://a.example/path", "no path"),
        ("http://a.example?q", "no path"),
        ("http://a.example#f", "no path"),
        ("https://*.example", "wildcard"),
        ("*", "not an origin"),
        ("http://127.0.0.1:*", "wildcard"),
        ("ftp://a.example", "not an http"),
        ("http://user@a.example", "user name"),
        ("http://2130706433", "disguise"),
        ("http://a.example:0", "port 0"),
        ("http://a.example:65536", "port 65536"),
        ("http://", "not a host"),
        ("https://good.example http://", "not a host"),
    ],
)
def test_an_unclear_allow_list_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        allow_origins_from(text)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTPS://Public.Example:443?q#f", "https://public.example/?q"),
        ("http://[0:0::1]:80/x", "http://[::1]/x"),
        ("https://[2A00:1450::1]:8443/", "https://[2a00:1450::1]:8443/"),
    ],
)
def test_a_url_has_one_normal_form(url: str, normal: str) -> None:
    assert Target.parse(url).url == normal
    assert Target.parse(normal).url == normal
