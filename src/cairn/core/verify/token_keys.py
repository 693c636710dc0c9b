"""The key of a token, and whether its issuer published it.

A key is the issuer's only where the issuer says so: in a DID document under `assertionMethod`, or
on https, in the issuer's own profile or key set, or at an address below the issuer's own.  Another
address on the same host is not enough: a host of many issuers, or of files that people upload, is
one origin.  So no address in a header is followed unless it lies below the issuer's own.

Sources: Open Badges 3.0, section 8.2 (`kid`, `jwk`); VC-JOSE-COSE, section 4 (`kid`, `iss`);
draft-ietf-oauth-sd-jwt-vc-13, section 5 (JWT VC Issuer Metadata).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.did.resolve import resolve_offline
from cairn.core.did.web import document_url
from cairn.core.errors import CairnError, Malformed, NotAllowed, Unobtainable
from cairn.core.keys import VerifyingKey, read_public_jwk
from cairn.core.verify.authorship import PublishedKey, Purpose, check_issuer, obtain_key
from cairn.core.verify.key_sets import choose_key, keys_in
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, CheckId, Reason, Result
from cairn.core.verify.rollback import take_newest

_NOT_HAD = (Unobtainable, NotAllowed, Malformed)
_Object = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose key is wanted, for what, and where to ask; `signed_at` is "" if unknown."""

    signer_id: str
    signed_at: str
    purpose: Purpose
    sources: Sources
    now: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A key with the name a report gives it.

    `published` is the DID document it stands in.  Without one, `is_signers` says whether the
    signer published it; None if that is not known yet, as of a key in the token itself.
    """

    key: VerifyingKey
    name: str
    published: PublishedKey | None = None
    is_signers: bool | None = None


class ForeignKey(CairnError):
    """The token names a key that its signer does not publish; `name` is that key's."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not among the keys that the issuer publishes")
        self.name = name


def find_key(header: _Object, asked: Asked) -> Found:
    """The key that a header names or holds.

    Raises `ForeignKey`, and `Unobtainable`, `NotAllowed` or `Malformed` where nothing is known.
    """
    kid, jwk = header.get("kid"), header.get("jwk")
    if isinstance(kid, str) and kid:
        return _named_key(kid, asked)
    if isinstance(jwk, dict):
        key = read_public_jwk(jwk)
        return Found(key, f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{key.thumbprint()}")
    return _only_key(asked)


def check_owner(found: Found, asked: Asked) -> Check:
    """Whether the signer published the key; asked only once the signature holds."""
    if found.published is not None:
        return check_issuer(
            found.published, asked.signer_id, asked.signed_at, purpose=asked.purpose
        )
    is_signers = found.is_signers
    if is_signers is None:
        try:
            is_signers = _is_published(found.key, asked)
        except _NOT_HAD as err:
            facts = {"issuer": asked.signer_id, "problem": str(err)}
            return _issuer(Result.NOT_CHECKED, Reason.ISSUER_KEYS_UNOBTAINABLE, **facts)
    if is_signers:
        return _issuer(Result.PASS, Reason.ISSUER_CONTROLS_KEY, issuer=asked.signer_id)
    return foreign(asked.signer_id, found.name)


def foreign(signer_id: str, name: str) -> Check:
    """The answer where the key is somebody else's."""
    return _issuer(Result.FAIL, Reason.ISSUER_OTHER_KEY, issuer=signer_id, controller=name)


def lies_below(url: str, signer_id: str) -> bool:
    """Whether `url` is the https address of the signer, or lies below it.

    The address of a did:web is the folder of its document.  Dots, escapes, queries and user names
    in `url` make it lie nowhere: two readers could make two addresses of it, or one a redirect.
    """
    try:
        base, parts = urlsplit(_base(signer_id)), urlsplit(url)
    except (ValueError, Malformed):
        return False
    steps = parts.path.split("/")
    is_plain = not {".", ".."} & set(steps) and not set("%\\?") & set(url)
    if parts.scheme != "https" or "@" in parts.netloc or not is_plain:
        return False
    is_below = (parts.path or "/").startswith(base.path.rstrip("/") + "/")
    return (parts.netloc == base.netloc and is_below) or _bare(url) == signer_id


def _base(signer_id: str) -> str:
    if not signer_id.startswith("did:web:"):
        return signer_id if signer_id.startswith("https://") else ""
    folder = document_url(signer_id).removesuffix("did.json")
    return folder.removesuffix(".well-known/")


def _named_key(kid: str, asked: Asked) -> Found:
    if kid.startswith("#"):
        kid = asked.signer_id + kid
    if kid.startswith("did:"):
        return _key_of_did(kid, asked)
    if not kid.startswith("https://") and asked.signer_id.startswith("did:"):
        return _named_key(f"{asked.signer_id}#{kid}", asked)
    if lies_below(kid, asked.signer_id):
        document = _get(_bare(kid), asked)
        return Found(choose_key(keys_in(document, asked.purpose), kid), kid, is_signers=True)
    for entries in _published_keys(asked):
        for name, key in entries:
            if name == kid:
                return Found(key, kid, is_signers=True)
    raise ForeignKey(kid)


def _key_of_did(kid: str, asked: Asked) -> Found:
    """The key at a DID URL; RSA keys, which DID documents are not read for otherwise, too."""
    try:
        published = obtain_key(kid, asked.sources, asked.now)
    except Unobtainable:
        if not kid.startswith(asked.signer_id + "#") or not kid.startswith("did:web:"):
            raise
        for entries in _published_keys(asked):
            for name, key in entries:
                if name in (kid, kid.removeprefix(asked.signer_id)):
                    return Found(key, kid, is_signers=True)
        raise
    return Found(published.method.key, kid, published)


def _only_key(asked: Asked) -> Found:
    """The key of a signer who publishes one alone."""
    for entries in _published_keys(asked):
        if len(entries) == 1:
            return Found(entries[0][1], entries[0][0] or asked.signer_id, is_signers=True)
    raise Unobtainable("its header names no key, and the issuer publishes not exactly one")


def _is_published(key: VerifyingKey, asked: Asked) -> bool:
    return any(key == known for entries in _published_keys(asked) for _, known in entries)


def _published_keys(asked: Asked) -> Iterator[list[tuple[str, VerifyingKey]]]:
    """Keys with their names, one list for each place where the signer may publish them.

    Raises `Unobtainable` if no place could be read.
    """
    offline = resolve_offline(asked.signer_id)
    if offline is not None:
        yield [(method.id, method.key) for method in offline.methods]
        return
    problems: list[str] = []
    was_read = False
    for url, member in _places(asked):
        try:
            document = _get(url, asked)
            if document.get(member, "") != asked.signer_id and (member != "id" or "id" in document):
                raise Malformed(f"{url} is not about {asked.signer_id}")
            _refuse_older(url, document, asked)
            entries = keys_in(_with_key_set(document, asked), asked.purpose)
        except _NOT_HAD as err:
            problems.append(str(err))
            continue
        was_read = True
        yield entries
    if not was_read:
        raise Unobtainable("; ".join(problems[:1]) or f"{asked.signer_id} publishes no keys")


def _refuse_older(url: str, document: _Object, asked: Asked) -> None:
    updated = document.get("updated")
    if asked.signer_id.startswith("did:") and isinstance(updated, str):
        take_newest(url, updated, asked.sources.memory)


def _places(asked: Asked) -> list[tuple[str, str]]:
    """Addresses, each with the member that must name the signer; a bare key set has no id."""
    signer = asked.signer_id
    if signer.startswith("did:web:"):
        return [(document_url(signer), "id")]
    parts = urlsplit(signer)
    if parts.scheme != "https" or not parts.netloc or "@" in parts.netloc:
        raise Unobtainable(f"{signer!r} is no address that keys could be published at")
    metadata = f"https://{parts.netloc}/.well-known/jwt-vc-issuer{parts.path.rstrip('/')}"
    return [(signer, "id"), (metadata, "issuer")]


def _with_key_set(document: _Object, asked: Asked) -> _Object:
    """`document`, or the key set that it points to on the signer's own host."""
    url = document.get("jwks_uri", document.get("jwksUri"))
    if not isinstance(url, str) or "jwks" in document:
        return document
    host = urlsplit(_base(asked.signer_id)).netloc
    if not url.startswith("https://") or urlsplit(url).netloc != host:
        raise Malformed("the key set lies on another host than the issuer")
    return _get(url, asked)


def _get(url: str, asked: Asked) -> _Object:
    value = strict_json.read(asked.sources.documents.get(url, now=asked.now))
    if not isinstance(value, dict):
        raise Malformed(f"{url} holds no JSON object")
    return value


def _bare(url: str) -> str:
    return url.partition("#")[0]


def _issuer(result: Result, reason: Reason, **facts: str) -> Check:
    return Check(CheckId.ISSUER, result, reason, facts)
