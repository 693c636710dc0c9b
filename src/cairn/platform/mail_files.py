"""Mail into a folder, one file a letter: for the demo, which shows it on a page."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend


class Backend(EmailBackend):
    """Django's own, which writes all letters of one connection into one file, asked for each."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        taken = 0
        for message in email_messages:
            self.close()
            self._fname = None  # so that the next one has a file of its own
            taken += super().send_messages([message])
        return taken
