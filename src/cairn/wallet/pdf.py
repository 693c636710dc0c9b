"""One credential as a PDF: PDF/UA-1 and PDF/A-3a, with the signed credential attached.

What a stranger wrote reaches typst as data and never as markup; letters without a shape are shown
by a stand-in, and a note says so.  The same input gives the same bytes.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext, override

from cairn.catalogue.presentation import interface_language
from cairn.issuing.models import Award
from cairn.wallet import qr
from cairn.wallet.addresses import check_url
from cairn.wallet.facts import Shown, shown
from cairn.wallet.prose import paragraphs
from cairn.wallet.typesetting import STAND_IN, drawable, typeset

_TEMPLATE = Path(__file__).parent / "certificate.typ"

Said = dict[str, object]


@dataclass(frozen=True, slots=True)
class Signed:
    """What is attached, and where its page is."""

    body: bytes  # JSON, exactly as it was signed
    signed_at: datetime
    link: str  # of the page, with the share key if one is out
    is_open: bool  # the link shows the credential, to whoever has it


def document(award: Award, signed: Signed, badge: bytes | None) -> bytes:
    """The PDF of an award; `badge` is a PNG picture.

    Its own words are in the language of the credential, where we have it, else in English.
    """
    with override(interface_language(award.language)):
        said = _said(shown(award), signed, badge)
    inputs = {
        "data": json.dumps(said, ensure_ascii=True),
        "code": qr.svg(signed.link),
        "credential": signed.body.decode(),
    }
    return typeset(_TEMPLATE.read_bytes(), inputs, seconds=int(signed.signed_at.timestamp()))


def _said(credential: Shown, signed: Signed, badge: bytes | None) -> Said:
    lang, _, region = credential.language.partition("-")
    words = _head(credential) | _body(credential) | _check(signed)
    has_stand_in = STAND_IN in json.dumps(words, ensure_ascii=False)
    return words | {
        "lang": lang.lower(),
        "region": region.upper() if len(region) == 2 else "",
        "badge": list(badge or b""),
        "badge_alt": drawable(gettext("Badge of %(title)s") % {"title": credential.title}),
        "note": drawable(_stand_in_note()) if has_stand_in else "",
    }


def _head(credential: Shown) -> Said:
    whom, title = drawable(credential.recipient), drawable(credential.title)
    dates = {"day": credential.awarded_on, "until": credential.holds_until}
    if credential.holds_until:
        when = gettext("Awarded on %(day)s, holds until %(until)s") % dates
    else:
        when = gettext("Awarded on %(day)s, no end date") % dates
    by = gettext("Awarded by %(issuer)s") % {"issuer": credential.issuer}
    if credential.creator != credential.issuer:
        by = gettext("Awarded by %(issuer)s, designed by %(creator)s") % {
            "issuer": credential.issuer,
            "creator": credential.creator,
        }
    return {
        "document_title": f"{title} – {whom}" if whom else title,
        "title": title,
        "kind": drawable(credential.kind),
        "issuer": drawable(credential.issuer),
        "summary": drawable(by),
        "recipient": whom,
        "awarded_to": drawable(gettext("Awarded to")),
        "issued_by": drawable(by),
        "dates": drawable(when),
        "footer": title,
    }


def _body(credential: Shown) -> Said:
    facts = [[drawable(term), drawable(value)] for term, value in credential.facts]
    if credential.evidence:
        facts.append([drawable(gettext("Evidence")), drawable(" ".join(credential.evidence))])
    return {
        "earned_heading": drawable(gettext("What was done to earn this")),
        "earned": [drawable(each) for each in _earned(credential)],
        "outcomes_heading": drawable(gettext("Whoever has earned it can")),
        "outcomes": [drawable(each) for each in credential.outcomes],
        "criteria_heading": drawable(gettext("What it asks for")),
        "criteria": [drawable(each) for each in paragraphs(credential.criteria)],
        "facts_heading": drawable(gettext("Facts")),
        "facts": facts,
        "approval": drawable(credential.approval),
    }


def _earned(credential: Shown) -> list[str]:
    return paragraphs(credential.narrative) or paragraphs(credential.description)


def _check(signed: Signed) -> Said:
    where = {"address": check_url().partition("://")[2]}
    said = [
        gettext(
            "The signed credential is attached to this document. Drop the file at %(address)s: "
            "one sentence says whether it is true and still holds. No account is needed."
        )
        % where,
        gettext("A print, a scan or a copy saved anew carries no credential and proves nothing."),
    ]
    if signed.is_open:
        said.append(gettext("The code leads to its page, until its holder ends that."))
    else:
        said.append(
            gettext("Its holder keeps the page private; the file can be checked all the same.")
        )
    return {
        "check_heading": drawable(gettext("How to check it")),
        "check": [drawable(each) for each in said],
        "page": signed.link,
        "page_shown": drawable(signed.link.partition("?")[0]),
        "code_alt": drawable(gettext("QR code of the link to the page of this credential")),
        "attachment": drawable(gettext("The signed credential, Open Badges 3.0")),
    }


def _stand_in_note() -> str:
    return gettext(
        "%(sign)s stands for a letter that the fonts of this document do not have. "
        "The signed credential in it has every letter."
    ) % {"sign": STAND_IN}
