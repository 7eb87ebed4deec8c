"""The mails about a task of an owner: links and codes are filled in at delivery and forgotten afterwards."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.utils import timezone, translation

from fulfillment.owners.models import OwnerMail, OwnerTask
from requests_app.correspondence.compose import mark
from requests_app.correspondence.write import new_message_id
from requests_app.policy.company import COMPANY

# Sent with `mail`, inside the transaction that wrote it.
mail_written = Signal()


class OwnerNotice(StrEnum):
    """Every mail about such a task; each has a folder of three templates under templates/emails/."""

    ASKED = "owner_asked"
    REMINDED = "owner_reminded"
    CODE = "owner_code"
    ESCALATED = "owner_escalated"


def write_owner_mail(
    task: OwnerTask,
    notice: OwnerNotice,
    *,
    at: datetime,
    secrets: Mapping[str, str] | None = None,
    context: Mapping[str, object] | None = None,
    to_address: str = "",
) -> OwnerMail:
    """Write a mail in the caller's transaction; to the owner unless told another address.

    It names source and reference and nobody whom the request is about.
    """
    values = {
        **(context or {}),
        **{name: mark(name) for name in secrets or {}},
        "task": task,
        "reference": task.subject_request.reference,
        "source": task.source.label,
        "company": COMPANY,
        "language": settings.LANGUAGE_CODE,
        "zone": COMPANY.zone.key,
    }
    folder = f"emails/{notice.value}"
    with translation.override(settings.LANGUAGE_CODE), timezone.override(COMPANY.zone):
        mail = OwnerMail.objects.create(
            task=task,
            notice=notice.value,
            to_address=to_address or task.owner_address,
            subject=" ".join(render_to_string(f"{folder}/subject.txt", values).split())[:200],
            text=render_to_string(f"{folder}/body.txt", values).strip() + "\n",
            html=render_to_string(f"{folder}/body.html", values),
            secrets=dict(secrets or {}),
            rfc_message_id=new_message_id(),
            written_at=at,
        )
    mail_written.send(OwnerMail, mail=mail)
    return mail
