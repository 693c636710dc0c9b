"""Mail services that misbehave: each keeps what it took in Django's outbox."""

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend


class Choosy(EmailBackend):
    """Takes nothing for addresses that begin with "nobody" or, for now, "busy"."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for address in messages[0].to:
            if address.startswith("nobody"):
                raise SMTPRecipientsRefused({address: (550, b"no such user here")})
            if address.startswith("busy"):
                raise SMTPRecipientsRefused({address: (450, b"mailbox busy")})
        return int(super().send_messages(messages))


class LastLetter(EmailBackend):
    """Takes the letter; whoever handed it over does not live to note that."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        super().send_messages(messages)
        raise Died


class Died(Exception):
    """Stands for the end of a process."""


class Counted(EmailBackend):
    """Counts its connections."""

    opened = 0
    is_open = False

    def open(self) -> bool:
        if self.is_open:
            return False
        Counted.opened, self.is_open = Counted.opened + 1, True
        return True
