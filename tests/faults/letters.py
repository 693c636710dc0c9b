"""A mail service that takes every letter and counts to whom it went."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port


class Letters:
    """How many letters each address got."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.address = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a letter."""
        self.count.update(envelope.rcpt_tos)
        return "250 taken"

    @property
    def doubled(self) -> list[str]:
        """Who got more than one."""
        return [address for address, count in self.count.items() if count > 1]


@contextmanager
def mail_service() -> Iterator[Letters]:
    """A mail service on a free port of this machine."""
    letters = Letters()
    port = free_port()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    letters.address = f"smtp://127.0.0.1:{port}"
    try:
        yield letters
    finally:
        controller.stop()
