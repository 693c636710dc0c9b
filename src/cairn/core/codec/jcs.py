"""JCS: the one spelling of a JSON value that a `*-jcs` signature covers.

Source: RFC 8785.  The work is done by the `rfc8785` package; here its errors become ours.
"""

import rfc8785

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed


def canonicalize(value: Json) -> bytes:
    """The canonical bytes of `value`: sorted keys, shortest numbers, no spaces.

    Raises `Malformed` for what RFC 8785 leaves without a form: NaN, infinities, integers beyond
    ±(2^53-1), lone surrogates; and for nesting that `strict_json.read` would have refused.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as err:
        raise Malformed(f"has no canonical JSON form: {err}") from err
    except RecursionError as err:
        raise Malformed("has no canonical JSON form: nested too deep") from err
