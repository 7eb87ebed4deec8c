"""An anchor by mail to whom the operator names: a mailbox that the administrator of the database does not rule."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from requests_app.audit.anchors.errors import PlaceAway
from requests_app.audit.anchors.statement import Kind, Statement

_TEXT = """\
The audit log of {installation} stood at entry {position} on {at:%d %B %Y, %H:%M} UTC.

Hash of that entry:   {hash}
Root over all of them: {root}
{why}
Keep this mail where the administrators of the database cannot change it. The attached file is the same, signed.
Whoever doubts the log gives it to the product: manage.py verify_audit --anchor FILE
"""
_RESTORED = "A backup was restored, and this says from where on the log goes on. Whether that is so, you should know.\n"


def is_configured() -> bool:
    """Whether the settings name a reader."""
    return bool(settings.ANCHOR_MAIL)


def leave(statement: Statement) -> bytes:
    """Send it, under the same Message-ID each time. Raises PlaceAway."""
    mail = EmailMessage(
        subject=f"Audit log of {statement.installation}: entry {statement.stood.position}",
        body=_TEXT.format(
            installation=statement.installation,
            position=statement.stood.position,
            at=statement.at,
            hash=statement.stood.hash,
            root=statement.stood.root,
            why=_RESTORED if statement.kind is Kind.RESTORE else "",
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=list(settings.ANCHOR_MAIL),
        headers={
            "Message-ID": f"<anchor.{statement.digest[:32]}@{settings.PUBLIC_HOST}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach(statement.name, statement.content.decode(), "application/json")
    try:
        mail.send()
    except (OSError, smtplib.SMTPException) as error:
        raise PlaceAway("The mail server does not take the anchor of the audit log.") from error
    return b""
