"""What sweeps found, and by what they looked; how much was gone through stays."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from fulfillment.sweeps.forget import forget_sweeps
from fulfillment.sweeps.models import Sweep, Trace
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.retention.base import Kept, Rows, Stage

SYSTEM = Actor.system("retention")


def _forget(subject_request: SubjectRequest, at: datetime) -> int:
    return forget_sweeps(subject_request=subject_request, by=SYSTEM, at=at)


KEPT = Kept(
    label=_("Traces of sweeps"),
    goes=_("Traces and what was looked for are deleted. Tallies stay."),
    stage=Stage.FINDINGS,
    first=(_forget,),
    rows=(
        Rows(Trace, "sweep__subject_request"),
        Rows(
            Sweep,
            "subject_request",
            empties={"identifiers": list, "position": None, "unread_objects": list, "last_error": ""},
            stays={
                "table": "a name of the source's schema",
                "tally": "counts by table and column",
                "unread": "sentences about tables and columns",
            },
        ),
    ),
)
