"""Proof of identity: the evidence on its own day, days after it was given; the words about it with the record."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from requests_app.identity.forget import due_evidence, forget_due_evidence
from requests_app.identity.models import Evidence, Verification
from requests_app.retention.base import Found, Kept, OwnDay, Rows, Stage


def _due(at: datetime) -> Found:
    found = due_evidence(at=at).values_list("verification__subject_request__reference", flat=True)
    return Found(len(found), tuple(sorted(found)))


def _forget(at: datetime) -> int:
    return forget_due_evidence(at=at)


KEPT = Kept(
    label=_("Proof of identity"),
    goes=_("Papers and answers are deleted. That a proof was accepted, by which method and when, stays."),
    stage=Stage.RECORD,
    rows=(
        Rows(Evidence, "verification__subject_request"),
        Rows(
            Verification,
            "subject_request",
            empties={"reason": ""},
            stays={"method": "a figure", "asked": "what staff chose to ask by, nothing of the person"},
        ),
    ),
    own_day=OwnDay(
        _("At the decision, at the end of the request, and at latest some days after it was given"),
        _due,
        _forget,
    ),
)
