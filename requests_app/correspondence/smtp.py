"""The way to the mail server: Django's, but for the sender of the envelope, to whom machines answer."""

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends import smtp
from django.core.mail.message import sanitize_address


class OutgoingEmail(EmailMultiAlternatives):
    """A mail of ours. An automatic answer has no sender in its envelope: nothing ever comes back to it."""

    is_automatic_answer = False


class EmailBackend(smtp.EmailBackend):
    """Django's backend, for which the header From and the sender of the envelope are one."""

    def _send(self, email_message: Any) -> bool:
        if not getattr(email_message, "is_automatic_answer", False):
            return bool(super()._send(email_message))  # type: ignore[misc]
        encoding = email_message.encoding or settings.DEFAULT_CHARSET
        recipients = [sanitize_address(each, encoding) for each in email_message.recipients()]
        content = email_message.message().as_bytes(linesep="\r\n")
        # RFC 3834, section 4: responses go with an empty reverse path. Errors are raised, as Django's are.
        server: smtplib.SMTP = self.connection  # type: ignore[assignment]
        server.sendmail("<>", recipients, content)
        return True
