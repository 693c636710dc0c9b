"""Sentences on how it stands today: dates, status, replacement, register, person.

Catalogue only.  No sentence says that the credential is genuine: these checks also run on one
that was altered.
"""

from cairn.core.wording.entries import N_, ReasonTexts

STANDING: dict[str, ReasonTexts] = {
    "validity_current": ReasonTexts(
        N_("It is in date: it holds from {since} until {until}."),
        N_("These dates were set by the issuer."),
        without_facts=N_("It is in date."),
    ),
    "validity_open_ended": ReasonTexts(
        N_("It is in date: it holds from {since}, with no end date."),
        N_("The issuer set no end. How much older learning is worth is for you to judge."),
        without_facts=N_("It is in date: the issuer set no end date."),
    ),
    "validity_not_yet": ReasonTexts(
        N_("It does not hold before {since}."),
        N_("Check it again on that day."),
    ),
    "validity_expired": ReasonTexts(
        N_("It held until {until}."),
        N_("It was in force until then. The learner may have renewed it: ask for the new one."),
    ),
    "status_none": ReasonTexts(
        N_("The issuer has named no place where it would say that this was withdrawn."),
        N_("If it matters, ask the issuer whether it still stands by it."),
    ),
    "status_good": ReasonTexts(
        N_("As of {as_of}, the issuer had not withdrawn or suspended it."),
        N_("An issuer can take a credential back; this one did not."),
        N_("Purposes asked: “{purposes}”."),
    ),
    "status_revoked": ReasonTexts(
        N_("The issuer has withdrawn it (as of {as_of})."),
        N_(
            "It counts no longer. The reason may be a harmless one, such as a correction: ask the "
            "learner or the issuer."
        ),
    ),
    "status_suspended": ReasonTexts(
        N_("The issuer has suspended it (as of {as_of})."),
        N_("It does not count for now, and may count again. Ask the issuer, or check later."),
    ),
    "status_newer_available": ReasonTexts(
        N_("The issuer says that there is a newer version of it (as of {as_of})."),
        N_("This version stays true. Ask the learner for the new one."),
    ),
    "status_message": ReasonTexts(
        N_("The issuer says of it: “{message}” (as of {as_of})."),
        N_("These are the issuer’s own words. Ask the issuer what they mean for you."),
    ),
    "status_list_elsewhere": ReasonTexts(
        N_("It is on no list of withdrawn credentials, but another host keeps that list."),
        N_("That host is not the issuer’s and could leave it out. If it matters, ask the issuer."),
        N_("Status list: “{url}”."),
    ),
    "status_unobtainable": ReasonTexts(
        N_("We could not reach the issuer’s list of withdrawn credentials."),
        N_("It may or may not have been withdrawn. Try again in a few minutes."),
        N_("Status list “{url}”: “{problem}”."),
    ),
    "status_list_invalid": ReasonTexts(
        N_("The issuer’s list of withdrawn credentials was reached, but cannot be trusted."),
        N_("It may or may not have been withdrawn. Ask the issuer."),
        N_("Status list “{url}”: “{problem}”."),
    ),
    "status_list_expired": ReasonTexts(
        N_("The issuer’s list of withdrawn credentials is out of date, since {until}."),
        N_("It may have been withdrawn after that. Try again later, or ask the issuer."),
        N_("Status list: “{url}”."),
    ),
    "status_rolled_back": ReasonTexts(
        N_("The issuer’s list of withdrawn credentials is older than one that we saw before."),
        N_(
            "An old list can hide a withdrawal, so we do not use it. Try again later, or ask the "
            "issuer."
        ),
        N_("Status list “{url}”: seen before “{seen}”, received now “{got}”."),
    ),
    "status_unsupported": ReasonTexts(
        N_("The issuer announces withdrawals in a way that we cannot read."),
        N_("It may or may not have been withdrawn. Ask the issuer."),
        N_("Unsupported kind of status: “{type}”."),
    ),
    "status_not_checked": ReasonTexts(
        N_("Whether it was withdrawn or suspended was not checked."),
        N_("It may or may not have been withdrawn. Check again when you are online."),
    ),
    "replaced": ReasonTexts(
        N_("The issuer has replaced it with a corrected or newer one."),
        N_("Rely on the new one only: ask the learner for it."),
        N_("Replaced by “{replacement}”."),
    ),
    "replacement_not_checked": ReasonTexts(
        N_("We could not ask whether it has been replaced by a newer one."),
        N_("That says nothing against it. Try again in a few minutes."),
        N_("Asked at “{url}”: “{problem}”."),
    ),
    "register_listed": ReasonTexts(
        N_("The register “{register}”, run by “{operator}”, lists the issuer as “{issuer}”."),
        N_("Somebody besides the issuer says who the issuer is."),
    ),
    "register_listed_here": ReasonTexts(
        N_(
            "“{operator}” lists the issuer as “{issuer}” in its register “{register}”, which is "
            "kept on the installation that gives you this answer."
        ),
        N_(
            "So it is not an independent word about the installation: if it matters, ask the "
            "operator of the register."
        ),
    ),
    "register_not_listed": ReasonTexts(
        N_(
            "The issuer calls itself “{name}”; it is not in a register that we asked, so its name "
            "is its own word."
        ),
        N_("Many good providers are in none. If it matters, ask the provider directly."),
        N_("Issuer: “{issuer}”. Registers asked: “{registers}”."),
        without_facts=N_(
            "The issuer is not in a register that we asked, so its name is its own word."
        ),
    ),
    "register_none_asked": ReasonTexts(
        N_(
            "The issuer calls itself “{name}”; no register was asked about it, so its name is its "
            "own word."
        ),
        N_("Anyone can sign under any name. Compare it with what you know of the issuer."),
        N_("Issuer: “{issuer}”."),
        without_facts=N_("No register was asked about the issuer, so its name is its own word."),
    ),
    "holder_unproven": ReasonTexts(
        N_("It names “{recipient}”; nobody has proved that the sender is this person."),
        N_("Type the name or e-mail that you were given to compare, or ask for a proof."),
        without_facts=N_(
            "It does not say in plain words for whom it is; nobody has proved that the sender is "
            "this person."
        ),
    ),
    "holder_matches": ReasonTexts(
        N_("It names “{recipient}”, which matches what you typed."),
        N_("Names can be shared and e-mails passed on: this is a match, not a proof."),
        N_("Compared with: “{matched}”."),
        without_facts=N_("The person it is for matches what you typed."),
    ),
    "holder_differs": ReasonTexts(
        N_("It names “{recipient}”, which is not what you typed."),
        N_("People change names and e-mails. Ask the sender before you conclude anything."),
        N_("Compared with: “{matched}”."),
        without_facts=N_("The person it is for does not match what you typed."),
    ),
    "holder_proven": ReasonTexts(
        N_("The sender proved, for you and just now, to have the key of “{holder}”."),
        N_("A stranger with a copy of the file could not have done that."),
        without_facts=N_("The sender proved, for you and just now, to have the holder’s key."),
    ),
    "holder_proof_failed": ReasonTexts(
        N_("The sender did not prove to be the holder."),
        N_("It may have been copied from somebody else. Ask the sender to show it again."),
        N_("Holder “{holder}”: “{problem}”."),
    ),
    "holder_proof_elsewhere": ReasonTexts(
        N_("The sender’s proof was made for somebody else, or for another occasion."),
        N_(
            "It may have been copied from a conversation with somebody else. Ask the sender to "
            "show it again, to you."
        ),
        N_("Holder “{holder}”: “{problem}”."),
    ),
    "holder_proof_not_checked": ReasonTexts(
        N_("Whether the sender is the holder could not be checked."),
        N_("That says nothing against the sender. Try again in a few minutes."),
        N_("Holder “{holder}”: “{problem}”."),
    ),
    "holder_is_recipient": ReasonTexts(
        N_("It was issued to the holder who showed it."),
        N_("The key that the issuer wrote into it is the one that the sender has."),
        N_("Holder: “{holder}”."),
    ),
    "holder_not_recipient": ReasonTexts(
        N_("It was issued to somebody other than the holder who showed it."),
        N_("That can be right, for a child or an employee. Ask the sender why."),
        N_("Issued to “{recipient}”, shown by “{holder}”."),
    ),
}
