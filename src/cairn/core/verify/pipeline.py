"""From bytes to a Report, in numbered steps; each names the module that performs it.

 (1) read the bytes strictly: JSON, or a token                   codec.strict_json, proofs.tokens
 (2) recognise a credential and read its form                    vc.credential
 (3) every word has a known meaning                              authorship, tokens
 (4) a proof can be read, and covers all of the document         authorship, tokens
 (5) the signature holds                                         authorship, tokens
 (6) the key is the issuer's, and meant for credentials          authorship, tokens
 (7) the validity period                                         standing
 (8) the status lists                                            standing
 (9) a replacement, if withdrawn                                 standing
     the documents and the schema it names                       resources
(10) the issuer's standing in a register                         people
(11) endorsements and other credentials inside                   embedded, learner_record
(12) for whom it was issued; names that mislead                  people, displayed_names

Steps 1 and 2 are here, the others in `steps`; a badge of Open Badges 2.0 goes its own way
(`badges2`), and so do the claims of an SD-JWT VC (`token_reports`).

Bytes come from anyone.  A step that cannot go on ends the verification with what is known; nothing
here raises but `Malformed`, for input that is no credential document at all or is over a bound.
"""

from datetime import datetime

from cairn.core.codec import strict_json, timestamps
from cairn.core.errors import Malformed
from cairn.core.openbadges.v2.badge import is_badge2
from cairn.core.proofs.tokens import looks_like_token, unwrap
from cairn.core.vc.credential import (
    CREDENTIAL_TYPE,
    PRESENTATION_TYPE,
    names_of,
    read_credential,
)
from cairn.core.verify.badges2 import is_open_badge_2, verify_badge2
from cairn.core.verify.ports import Claimed, Sources
from cairn.core.verify.report import Facts, Outcome, Report
from cairn.core.verify.steps import verify_credential
from cairn.core.verify.token_reports import token_judge, verify_token


def verify(
    data: bytes, sources: Sources, *, now: datetime, claimed: Claimed | None = None
) -> Report:
    """Verify the credential in `data`: JSON with proofs, a token, or a badge of Open Badges 2.0.

    Raises `Malformed` (what, where, how to mend) if it cannot be read or is over a bound.
    """
    if looks_like_token(data):
        if is_open_badge_2(data):
            return verify_badge2(data, sources, now=now, claimed=claimed)
        return verify_token(data.decode("ascii"), sources, now=now, claimed=claimed)
    document = strict_json.read(data)
    token = unwrap(document)
    if token is not None:
        return verify_token(token, sources, now=now, claimed=claimed)
    if is_badge2(document):
        return verify_badge2(data, sources, now=now, claimed=claimed)
    types = names_of(document)
    if PRESENTATION_TYPE in types:
        raise Malformed(
            "this is a presentation; check each credential inside it by itself", "/type"
        )
    if CREDENTIAL_TYPE not in types:
        return Report(Outcome.NO_CREDENTIAL, (), Facts(), timestamps.write(now))
    return verify_credential(
        read_credential(document),
        sources,
        now=now,
        claimed=claimed,
        judge_token=token_judge(now),
    )
