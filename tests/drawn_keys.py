"""RSA keys for tests: each is drawn once a process, for that takes longer than most tests.

The first key of every organisation is the same one, the second another, and so on; each gets a row
and a wrapping of its own.
"""

from cairn.core.keys import RsaPrivateKey
from cairn.organisations.models import Organisation
from cairn.signing import generation

_drawn: list[RsaPrivateKey] = []


def draw_rsa(organisation: Organisation) -> RsaPrivateKey:
    """The key that follows those which `organisation` has."""
    place = organisation.signing_keys.filter(algorithm="RSA").count()
    while len(_drawn) <= place:
        _drawn.append(generation.draw_rsa(organisation))
    return _drawn[place]
