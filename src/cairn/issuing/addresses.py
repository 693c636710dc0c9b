"""The addresses that go into signed bytes.  They never change."""

from uuid import UUID

from django.conf import settings


def credential_url(credential_id: UUID | str) -> str:
    """The id of a credential, and its page."""
    return f"{settings.CAIRN.base_url}/c/{credential_id}"


def newest_url(credential_id: UUID | str) -> str:
    """Where whoever holds a credential asks for the newest copy of it.

    Not the id itself: two things of one id would be one in RDF.
    """
    return f"{credential_url(credential_id)}/newest"


def status_list_url(list_id: UUID) -> str:
    """Where a status list is published."""
    return f"{settings.CAIRN.base_url}/status/{list_id}"
