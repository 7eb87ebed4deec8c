"""What sources were to change, with what and why; that it was done, when and in how many records stays."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.models import ChangeTask, ReceiptFile
from fulfillment.changes.read_backs.models import ReadBackWork
from fulfillment.changes.start import PRIVACY_TEAM
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.models import SubjectRequest
from requests_app.retention.base import Kept, Rows, Stage

SYSTEM = Actor.system("retention")


def _say_which_receipts(subject_request: SubjectRequest, at: datetime) -> int:
    """The history names each receipt that is gone; its hash stands there since it was kept."""
    kept = ReceiptFile.objects.filter(task__subject_request=subject_request)
    for receipt in kept.select_related("task__source"):
        facts = {
            "source": receipt.task.source.key if receipt.task.source else PRIVACY_TEAM,
            "kind": receipt.task.kind,
        }
        record(event="change.receipt_deleted", target=subject_request, by=SYSTEM, at=at, facts=facts)
    return len(kept)


KEPT = Kept(
    label=_("Changes and their receipts"),
    goes=_(
        "Instructions, notes, receipts with their files and what was read back go. What was changed where, by whom, "
        "when and in how many records stays."
    ),
    stage=Stage.RECORD,
    first=(_say_which_receipts,),
    rows=(
        Rows(ReceiptFile, "task__subject_request"),
        Rows(ReadBackWork, "change__subject_request"),
        Rows(SourceChange, "change__subject_request"),
        Rows(ChangeTask, "subject_request", empties={"instructions_sealed": dict, "note": "", "receipt": ""}),
    ),
)
