"""What sources returned, as sealed files; how much it was stays."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fulfillment.findings.forget import forget_findings
from fulfillment.findings.models import FoundFile
from fulfillment.findings.suggestions.models import Suggestion, SuggestionScan
from fulfillment.runs.models import SourceTask
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.retention.base import Kept, Rows, Stage

SYSTEM = Actor.system("retention")


def _forget(subject_request: SubjectRequest, at: datetime) -> int:
    return forget_findings(subject_request=subject_request, by=SYSTEM, at=at)


KEPT = Kept(
    label=_("Findings"),
    goes=_("Records and original files that sources returned are deleted. Counts and decisions stay."),
    stage=Stage.FINDINGS,
    first=(_forget,),
    rows=(
        Rows(FoundFile, "task__run__subject_request"),
        Rows(Suggestion, "finding__task__run__subject_request"),
        Rows(SuggestionScan, "finding__task__run__subject_request"),
        Rows(
            SourceTask,
            "run__subject_request",
            empties={"store_name": "", "wrapped_key": bytes},
            only=~Q(store_name=""),
        ),
    ),
)
