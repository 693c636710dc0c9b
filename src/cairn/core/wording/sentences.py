"""Every text of a verification in its source language, English, and the facts each may name.

Keyed by the values of `CheckId`, `Reason`, `Result` and `Outcome`, not by the enums themselves:
`cairn.core.verify` stands above this package.  The tests hold both sides together.
"""

from collections.abc import Iterator

from cairn.core.wording.dates import DATE, DATE_ON_THE_FIRST, MONTHS
from cairn.core.wording.entries import N_, ReasonTexts
from cairn.core.wording.hosted import HOSTED
from cairn.core.wording.inside import INSIDE
from cairn.core.wording.outcomes import (
    CHECK_TITLES,
    FLAG_SENTENCES,
    LABELS,
    OUTCOMES,
    RESULT_WORDS,
)
from cairn.core.wording.signed import SIGNED
from cairn.core.wording.standing import STANDING

REASONS: dict[str, ReasonTexts] = {**SIGNED, **STANDING, **INSIDE, **HOSTED}

QUOTED = N_("“{text}”")  # for a fact that should have been a date and is not

# registered_issuer is the name that a register gives; the others are as in `report.Facts`
LABEL_FACTS = frozenset({"count", "path"})
OUTCOME_FACTS = frozenset({"registered_issuer", "issuer_name", "valid_from", "valid_until"})
DATE_FACTS = frozenset({"since", "until", "as_of", "expires", "valid_from", "valid_until"})

FACTS: dict[str, frozenset[str]] = {
    "context_unknown": frozenset({"url"}),
    "context_inline": frozenset({"path"}),
    "context_order": frozenset({"sequence"}),
    "document_uncovered": frozenset({"path", "problem"}),
    "proof_holds": frozenset({"cryptosuite", "method"}),
    "proof_mismatch": frozenset({"cryptosuite", "method"}),
    "proof_unreadable": frozenset({"problem"}),
    "proof_expired": frozenset({"expires"}),
    "proof_unsupported": frozenset({"cryptosuite"}),
    "proof_forbidden": frozenset({"problem"}),
    "proof_key_unobtainable": frozenset({"method", "problem"}),
    "issuer_controls_key": frozenset({"issuer"}),
    "issuer_other_key": frozenset({"issuer", "controller"}),
    "issuer_key_not_for_assertions": frozenset({"issuer", "method"}),
    "issuer_key_revoked": frozenset({"method", "since"}),
    "issuer_keys_unobtainable": frozenset({"issuer", "problem"}),
    "validity_current": frozenset({"since", "until"}),
    "validity_open_ended": frozenset({"since"}),
    "validity_not_yet": frozenset({"since"}),
    "validity_expired": frozenset({"until"}),
    "status_good": frozenset({"purposes", "as_of"}),
    "status_revoked": frozenset({"as_of"}),
    "status_suspended": frozenset({"as_of"}),
    "status_newer_available": frozenset({"as_of"}),
    "status_message": frozenset({"message", "as_of"}),
    "status_list_elsewhere": frozenset({"url"}),
    "status_unobtainable": frozenset({"url", "problem"}),
    "status_list_invalid": frozenset({"url", "problem"}),
    "status_list_expired": frozenset({"url", "until"}),
    "status_rolled_back": frozenset({"url", "seen", "got"}),
    "status_unsupported": frozenset({"type"}),
    "replaced": frozenset({"replacement"}),
    "replacement_not_checked": frozenset({"url", "problem"}),
    "register_listed": frozenset({"issuer", "register", "operator"}),
    "register_listed_here": frozenset({"issuer", "register", "operator"}),
    "register_not_listed": frozenset({"issuer", "name", "registers"}),
    "register_none_asked": frozenset({"issuer", "name"}),
    "schema_not_checked": frozenset({"type", "url"}),
    "resources_match": frozenset({"count"}),
    "resource_differs": frozenset({"url"}),
    "resource_not_checked": frozenset({"url", "problem"}),
    "endorsements_not_checked": frozenset({"count"}),
    "endorsement_holds": frozenset({"issuer", "about"}),
    "endorsement_by_issuer": frozenset({"issuer"}),
    "endorsement_doubtful": frozenset({"issuer", "path"}),
    "endorsement_of_other": frozenset({"issuer", "path"}),
    "embedded_in_force": frozenset({"count"}),
    "embedded_doubtful": frozenset({"count"}),
    "embedded_not_checked": frozenset({"count"}),
    "associations_shown": frozenset({"count"}),
    "associations_dangling": frozenset({"count"}),
    "name_bidi": frozenset({"name"}),
    "name_zero_width": frozenset({"name"}),
    "name_unreadable": frozenset({"name"}),
    "name_mixed_scripts": frozenset({"name"}),
    "hosted_confirmed": frozenset({"url"}),
    "hosted_differs": frozenset({"url", "path"}),
    "hosted_unobtainable": frozenset({"url", "problem"}),
    "issuer_publishes": frozenset({"issuer"}),
    "issuer_elsewhere": frozenset({"issuer", "url"}),
    "issuer_unobtainable": frozenset({"url", "problem"}),
    "holder_unproven": frozenset({"recipient"}),
    "holder_matches": frozenset({"recipient", "matched"}),
    "holder_differs": frozenset({"recipient", "matched"}),
    "holder_proven": frozenset({"holder"}),
    "holder_proof_failed": frozenset({"holder", "problem"}),
    "holder_proof_elsewhere": frozenset({"holder", "problem"}),
    "holder_proof_not_checked": frozenset({"holder", "problem"}),
    "holder_is_recipient": frozenset({"holder"}),
    "holder_not_recipient": frozenset({"holder", "recipient"}),
}


def all_texts() -> Iterator[tuple[str, frozenset[str]]]:
    """Every source text with the placeholders it may use; "" is never among them."""
    for reason, texts in REASONS.items():
        known = FACTS.get(reason, frozenset())
        yield from ((text, known) for text in (texts.sentence, texts.detail) if text)
        yield from ((text, frozenset()) for text in (texts.why, texts.without_facts) if text)
    for outcome in OUTCOMES.values():
        yield from ((text, OUTCOME_FACTS) for text in outcome.headlines)
        yield from ((text, frozenset()) for text in (outcome.title, outcome.advice))
    for words in (CHECK_TITLES, RESULT_WORDS, FLAG_SENTENCES):
        yield from ((text, frozenset()) for text in words.values())
    yield from ((text, LABEL_FACTS) for text in LABELS.values())
    yield from ((text, frozenset()) for text in MONTHS)
    yield QUOTED, frozenset({"text"})
    yield from (
        (text, frozenset({"day", "month", "year", "time"})) for text in (DATE, DATE_ON_THE_FIRST)
    )
