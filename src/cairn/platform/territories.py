"""Countries by the names that readers use."""

from babel import Locale
from django.utils.translation import get_language, to_locale


def country_name(code: str) -> str:
    """The country in the language in use; the code itself where it has no name.

    >>> country_name("KE")
    'Kenya'
    """
    names = Locale.parse(to_locale(get_language() or "en")).territories
    return str(names.get(code, code))
