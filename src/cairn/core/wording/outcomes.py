"""The one answer above the checks, and the short words beside them.

Only a register's name for the issuer is said plainly; the issuer's own name for itself is said to
be that, because anyone can sign under any name.  An altered credential names nobody: its issuer
did not say what it says.
"""

from cairn.core.wording.entries import N_, OutcomeTexts

OUTCOMES: dict[str, OutcomeTexts] = {
    "in_force": OutcomeTexts(
        N_("In force"),
        (
            N_("This credential is in force: “{registered_issuer}” awarded it."),
            N_("This credential is in force; its issuer calls itself “{issuer_name}”."),
            N_("This credential is in force."),
        ),
        N_("Nothing that we checked speaks against it. Look below who answers for the issuer."),
    ),
    "not_yet_in_force": OutcomeTexts(
        N_("Not yet in force"),
        (
            N_("This credential by “{registered_issuer}” is not in force before {valid_from}."),
            N_("This credential is not in force before {valid_from}."),
            N_("This credential is not yet in force."),
        ),
        N_("Check it again on the day it begins to hold."),
    ),
    "expired": OutcomeTexts(
        N_("Expired"),
        (
            N_("This credential by “{registered_issuer}” expired on {valid_until}."),
            N_("This credential expired on {valid_until}."),
            N_("This credential has expired."),
        ),
        N_("It was in force until then. Ask the learner whether it was renewed."),
    ),
    "replaced": OutcomeTexts(
        N_("Replaced"),
        (N_("This credential has been replaced by a newer one."),),
        N_("Ask the learner for the new one, and rely on that."),
    ),
    "suspended": OutcomeTexts(
        N_("Suspended"),
        (
            N_("This credential is suspended for now by its issuer, “{registered_issuer}”."),
            N_("This credential is suspended for now by its issuer."),
        ),
        N_("It may come into force again. Ask the issuer, or check later."),
    ),
    "withdrawn": OutcomeTexts(
        N_("Withdrawn"),
        (
            N_("This credential was withdrawn by its issuer, “{registered_issuer}”."),
            N_("This credential was withdrawn by its issuer."),
        ),
        N_("Do not rely on it. The reason may be a harmless one: ask the learner or the issuer."),
    ),
    "altered": OutcomeTexts(
        N_("Altered or wrongly signed"),
        (N_("This credential was altered, or is not properly signed by its issuer."),),
        N_(
            "Do not rely on it. This can happen by accident and need not be the sender’s doing: "
            "ask for the original file or link."
        ),
    ),
    "could_not_be_checked": OutcomeTexts(
        N_("Could not be checked"),
        (N_("This credential could not be checked, which says nothing against it."),),
        N_("Try again in a few minutes, or ask the issuer."),
    ),
    "no_credential": OutcomeTexts(
        N_("No credential in this file"),
        (N_("There is no credential in this file."),),
        N_("A screenshot, scan or reprint holds none. Ask for the original file or link."),
    ),
}

CHECK_TITLES: dict[str, str] = {
    "context": N_("Meaning of its words"),
    "document": N_("Everything is signed"),
    "proof": N_("Signature"),
    "issuer": N_("The issuer’s key"),
    "validity": N_("In date"),
    "status": N_("Withdrawn or suspended"),
    "replacement": N_("Replaced"),
    "register": N_("Issuer in a register"),
    "schema": N_("Its form"),
    "resources": N_("Documents that it refers to"),
    "endorsements": N_("Endorsements"),
    "embedded": N_("Credentials inside it"),
    "names": N_("Names that mislead"),
    "holder": N_("Is the sender this person?"),
}

RESULT_WORDS: dict[str, str] = {
    "pass": N_("Pass"),
    "warning": N_("Warning"),
    "fail": N_("Fail"),
    "not_checked": N_("Not checked"),
}

LABELS: dict[str, str] = {
    "file": N_("File"),
    "outcome": N_("Outcome"),
    "recipient": N_("Issued to"),
    "title": N_("Title"),
    "count": N_("Count"),
    "checked": N_("Checked: {count}"),
    "unreadable": N_("Unreadable"),
    "inside": N_("Inside it, at “{path}”:"),
}

FLAG_SENTENCES: dict[str, str] = {
    "bidi control": N_("This text holds hidden characters that change its reading direction."),
    "zero-width": N_("This text holds characters that cannot be seen."),
    "unreadable character": N_("This text holds line breaks or characters with no written form."),
    "mixed scripts": N_("A word in this text mixes letters of two alphabets that look alike."),
}
