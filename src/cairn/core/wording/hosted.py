"""Sentences on badges of the older kind, which their issuer's website confirms.

Catalogue only.  Such a badge proves nothing by itself: its issuer's address does.
"""

from cairn.core.wording.entries import N_, ReasonTexts

HOSTED: dict[str, ReasonTexts] = {
    "context_plain": ReasonTexts(
        N_("It is a badge of the older kind, and each of its words has one meaning."),
        N_("Badges of this kind are older than signed credentials, and still in use."),
    ),
    "hosted_confirmed": ReasonTexts(
        N_("The website that it names publishes it with the same words."),
        N_("A badge of this kind is as good as the website that confirms it."),
        N_("Published at “{url}”."),
    ),
    "hosted_differs": ReasonTexts(
        N_("The website that it names publishes it with other words."),
        N_("Do not rely on what you were given: ask for the link, and read what stands there."),
        N_("Published at “{url}”; other words at “{path}”."),
    ),
    "hosted_unobtainable": ReasonTexts(
        N_("We could not reach the website that should confirm it."),
        N_("A badge of this kind proves nothing without it. Try again in a few minutes."),
        N_("Asked at “{url}”: “{problem}”."),
    ),
    "issuer_publishes": ReasonTexts(
        N_("It stands where its issuer, “{issuer}”, publishes its badges."),
        N_("The issuer itself says at which addresses it publishes."),
    ),
    "issuer_elsewhere": ReasonTexts(
        N_("It does not stand where its issuer, “{issuer}”, publishes its badges."),
        N_("Anyone can put up a page under another’s name. Do not rely on it."),
        N_("It stands at “{url}”."),
    ),
    "issuer_unobtainable": ReasonTexts(
        N_("We could not reach the page on which its issuer describes itself."),
        N_("Whether it comes from that issuer is not known. Try again in a few minutes."),
        N_("Asked at “{url}”: “{problem}”."),
    ),
}
