"""The words that belong to a search: who was awaited, why a source or a record was left out."""

from django.utils.translation import gettext_lazy as _

from fulfillment.findings.models import Finding
from fulfillment.runs.models import SourceTask
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("Words of searches"),
    goes=_(
        "Reasons, names of those awaited and the hash of what was asked by are emptied. Counts and times stay."
    ),
    stage=Stage.RECORD,
    rows=(
        Rows(
            SourceTask,
            "run__subject_request",
            empties={"waits_for": "", "excluded_because": "", "asked_by_hash": "", "last_error": ""},
            stays={"asked_kinds": "names of kinds of identity, no values"},
        ),
        Rows(
            Finding,
            "task__run__subject_request",
            empties={"reason_note": "", "page_offsets": list},
            stays={
                "collection": "a name of the data map",
                "unsearched": "a sentence of ours about the map",
                "unmapped": "names of columns",
                "reason_code": "the law's code",
            },
        ),
    ),
)
