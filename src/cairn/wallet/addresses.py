"""The addresses that a holder hands out."""

from uuid import UUID

from django.conf import settings

from cairn.issuing.addresses import credential_url
from cairn.wallet.models import Holding


def share_url(holding: Holding, credential_id: UUID) -> str:
    """The page of the credential, with the share key if the holder has one out."""
    page = credential_url(credential_id)
    return f"{page}?key={holding.share_key}" if holding.share_key else page


def claim_url(token: str) -> str:
    """The address in the mail to a learner."""
    return f"{settings.CAIRN.base_url}/claim/{token}"


def wallet_url() -> str:
    """Where holders find what they hold."""
    return f"{settings.CAIRN.base_url}/me/"


def holding_url(holding_id: UUID) -> str:
    """Where its holder finds this one."""
    return f"{wallet_url()}credentials/{holding_id}/"


def check_url() -> str:
    """Where anybody checks a file."""
    return f"{settings.CAIRN.base_url}/verify"
