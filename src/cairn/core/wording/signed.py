"""Sentences on what was signed, by whom: checks context, document, proof and issuer.

Catalogue only.  Which reason holds is decided by `cairn.core.verify`.  Each sentence is true on its
own: the key can be the issuer's where the signature does not fit.
"""

from cairn.core.wording.entries import N_, ReasonTexts

SIGNED: dict[str, ReasonTexts] = {
    "context_known": ReasonTexts(
        N_("Every term in it has the meaning that its published standard gives it."),
        N_("A word such as “expires” means the same to the issuer and to you."),
    ),
    "context_unknown": ReasonTexts(
        N_("It uses terms whose published meaning we do not have."),
        N_(
            "Without their meaning we cannot tell what was signed. That says nothing against it: "
            "try a newer version of this checker, or ask the issuer."
        ),
        N_("Unknown context: “{url}”."),
    ),
    "context_inline": ReasonTexts(
        N_("It gives terms a meaning of its own instead of the published one."),
        N_(
            "A signed word could be read as something that the issuer never said. Ask the issuer "
            "for the original."
        ),
        N_("Terms are defined inside the document, at “{path}”."),
    ),
    "context_order": ReasonTexts(
        N_("It names the standards it follows in an order that changes what its words mean."),
        N_("The same words could be read in two ways. Ask the issuer for a corrected copy."),
        N_("Contexts in the order found: “{sequence}”."),
    ),
    "document_covered": ReasonTexts(
        N_("The signature covers every word of it."),
        N_("Nothing can be added or changed without the signature failing."),
    ),
    "document_uncovered": ReasonTexts(
        N_("Part of this file is not covered by the signature."),
        N_("Anyone could have added that part. Ask the issuer for the original."),
        N_("Not covered: “{path}” (“{problem}”)."),
    ),
    "proof_holds": ReasonTexts(
        N_("The signature fits the text: nothing was changed since it was signed."),
        N_("To change a word unseen, somebody would need the signer’s own secret key."),
        N_("Signed with “{cryptosuite}”, key “{method}”."),
    ),
    "proof_mismatch": ReasonTexts(
        N_("The signature does not fit the text."),
        N_(
            "At least one word, number or date was changed after signing, perhaps by accident. "
            "A signature cannot say which one. Ask for the original file or link."
        ),
        N_("Signature “{cryptosuite}” does not verify with key “{method}”."),
    ),
    "proof_missing": ReasonTexts(
        N_("It carries no signature."),
        N_("Anyone could have written it. Ask for the original file or link."),
    ),
    "proof_unreadable": ReasonTexts(
        N_("Its signature is damaged and cannot be read."),
        N_(
            "A signature that cannot be read vouches for nothing. Ask for the original file or "
            "link."
        ),
        N_("What was found: “{problem}”."),
    ),
    "proof_expired": ReasonTexts(
        N_("The issuer limited its signature to the time before {expires}."),
        N_("The issuer no longer stands by this copy. Ask for a freshly signed one."),
    ),
    "proof_unsupported": ReasonTexts(
        N_("It is signed in a way that we cannot check."),
        N_("That says nothing against it. The issuer can confirm it, or another checker may."),
        N_("Unsupported kind of signature: “{cryptosuite}”."),
    ),
    "proof_forbidden": ReasonTexts(
        N_("It is signed in a way that the rules for such signatures forbid."),
        N_(
            "The rules are there because such signatures have been forged. Ask the issuer for a "
            "correctly signed copy."
        ),
        N_("What was found: “{problem}”."),
    ),
    "proof_key_unobtainable": ReasonTexts(
        N_("We could not reach the place where the issuer publishes its key."),
        N_("That says nothing against it. Try again in a few minutes, or ask the issuer."),
        N_("Key “{method}” could not be obtained: “{problem}”."),
    ),
    "issuer_controls_key": ReasonTexts(
        N_("The key of its signature belongs to the issuer that it names."),
        N_(
            "Where the signature fits too, the issuer signed it. Who the issuer is, a register can "
            "tell."
        ),
        N_("Issuer: “{issuer}”."),
    ),
    "issuer_other_key": ReasonTexts(
        N_("The key of its signature belongs to somebody other than the issuer that it names."),
        N_("Only the issuer’s own signature counts. Ask the issuer for the original."),
        N_("Issuer “{issuer}”, but the key belongs to “{controller}”."),
    ),
    "issuer_key_not_for_assertions": ReasonTexts(
        N_("The issuer does not use this key to sign credentials."),
        N_(
            "The key is the issuer’s, but is meant for another purpose, so it vouches for "
            "nothing here. Ask the issuer for the original."
        ),
        N_("Issuer “{issuer}” does not list key “{method}” as an assertion method."),
    ),
    "issuer_key_revoked": ReasonTexts(
        N_("The issuer has given up the key that signed it, since {since}."),
        N_("Somebody else may have had that key. Ask the issuer for a freshly signed copy."),
        N_("Revoked key: “{method}”."),
    ),
    "issuer_keys_unobtainable": ReasonTexts(
        N_("We could not reach the place where the issuer says which keys are its own."),
        N_(
            "The signature fits, but anyone can make a key. Try again in a few minutes, or ask "
            "the issuer."
        ),
        N_("Keys of “{issuer}” could not be obtained: “{problem}”."),
    ),
    "issuer_not_checked": ReasonTexts(
        N_("Whether the issuer signed it was not checked."),
        N_("There was no readable signature or key to compare with the issuer."),
    ),
}
