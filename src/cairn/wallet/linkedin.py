"""The link that adds a credential to a LinkedIn profile: a plain link, no script of theirs.

Source: LinkedIn's "Add to profile" parameters, as fixed in our row of web standards.
"""

from datetime import datetime
from urllib.parse import quote, urlencode

_ADDRESS = "https://www.linkedin.com/profile/add"


def add_to_profile_url(
    *,
    title: str,
    organisation: str,
    issued: datetime,
    expires: datetime | None,
    link: str,
    credential_id: str,
) -> str:
    """The address that opens LinkedIn's form, filled in; without an end, no expiry is sent."""
    values = {
        "startTask": "CERTIFICATION_NAME",
        "name": title,
        "organizationName": organisation,
        "issueYear": str(issued.year),
        "issueMonth": str(issued.month),
    }
    if expires is not None:
        values |= {"expirationYear": str(expires.year), "expirationMonth": str(expires.month)}
    values |= {"certUrl": link, "certId": credential_id}
    return f"{_ADDRESS}?{urlencode(values, quote_via=quote)}"
