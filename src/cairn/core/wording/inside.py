"""Sentences on what stands inside a credential or is named by it: other credentials, documents.

Catalogue only.  Of an endorsement it is said by whom, because it is that body's word; a name that
misleads is shown with its hidden characters as numbers.
"""

from cairn.core.wording.entries import N_, ReasonTexts

INSIDE: dict[str, ReasonTexts] = {
    "schema_not_checked": ReasonTexts(
        N_("It names a description of its own form, which we did not compare."),
        N_("That says nothing against it: the form we need was checked."),
        N_("Kind “{type}” at “{url}”."),
    ),
    "resources_match": ReasonTexts(
        N_("Documents that it refers to are unchanged since it was signed; their number: {count}."),
        N_("The issuer wrote down what they looked like, and they still look so."),
    ),
    "resource_differs": ReasonTexts(
        N_("A document that it refers to is no longer the one that the issuer meant."),
        N_("Do not rely on what is linked; ask the issuer. Its own words were checked apart."),
        N_("Changed: “{url}”."),
    ),
    "resource_not_checked": ReasonTexts(
        N_("A document that it refers to was not compared with what the issuer meant."),
        N_("That says nothing against it. Try again in a few minutes if the document matters."),
        N_("Asked at “{url}”: “{problem}”."),
    ),
    "endorsements_not_checked": ReasonTexts(
        N_("Endorsements by others were not checked; their number: {count}."),
        N_("Do not rely on them: only the issuer’s own words were checked."),
    ),
    "endorsement_holds": ReasonTexts(
        N_("It carries an endorsement that is in force, by one that calls itself “{issuer}”."),
        N_("It is that body’s word. Look up what the body is before you rely on it."),
        N_("Endorsed: “{about}”."),
    ),
    "endorsement_by_issuer": ReasonTexts(
        N_("It carries an endorsement by its own issuer, “{issuer}”."),
        N_("Nobody else stands behind it for that."),
    ),
    "endorsement_doubtful": ReasonTexts(
        N_("It carries an endorsement that is not in force, said to be by “{issuer}”."),
        N_("Do not rely on the endorsement. The rest does not depend on it."),
        N_("Where it stands: “{path}”."),
    ),
    "endorsement_of_other": ReasonTexts(
        N_("It carries an endorsement by “{issuer}” that is about something else."),
        N_("It was made for another credential or issuer and says nothing about this one."),
        N_("Where it stands: “{path}”."),
    ),
    "embedded_in_force": ReasonTexts(
        N_(
            "Credentials inside it were checked one by one and are in force; their number: {count}."
        ),
        N_("Each has its own issuer and its own report."),
    ),
    "embedded_doubtful": ReasonTexts(
        N_("Credentials inside it are not in force; their number: {count}."),
        N_("Do not rely on those before you have read their own reports."),
    ),
    "embedded_not_checked": ReasonTexts(
        N_("Credentials inside it could not be checked; their number: {count}."),
        N_("Ask for them one by one, or try again in a few minutes."),
    ),
    "associations_shown": ReasonTexts(
        N_("It says how the credentials inside belong together; number of links: {count}."),
        N_("That is the word of the one who put them together, not of each issuer."),
    ),
    "associations_dangling": ReasonTexts(
        N_("It links credentials that are not inside, or not in force; number of links: {count}."),
        N_("Do not count what is not there: ask for the missing ones."),
    ),
    "name_bidi": ReasonTexts(
        N_("A name in it holds hidden characters that change its reading direction: “{name}”."),
        N_("What you see may not be what is written. Compare it letter by letter."),
    ),
    "name_zero_width": ReasonTexts(
        N_("A name in it holds characters that cannot be seen: “{name}”."),
        N_("It may look like a name you know and be another. Compare it letter by letter."),
    ),
    "name_unreadable": ReasonTexts(
        N_("A name in it holds line breaks or characters with no written form: “{name}”."),
        N_("It may look like a name you know and be another. Compare it letter by letter."),
    ),
    "name_mixed_scripts": ReasonTexts(
        N_("A name in it mixes letters of two alphabets that look alike: “{name}”."),
        N_("It may look like a name you know and be another. Compare it letter by letter."),
    ),
}
