"""The request itself: who asked and in what words; right, law, dates and outcome stay as a figure."""

from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import SubjectRequest, Submission
from requests_app.retention.base import Kept, Rows, RowsOfSubmission, Stage

KEPT = Kept(
    label=_("Requests"),
    goes=_(
        "Name, address, words and what the right needs to know are emptied, with the index by which an address is "
        "found. Reference, right, law, place, dates and outcome stay."
    ),
    stage=Stage.RECORD,
    rows=(
        Rows(
            SubjectRequest,
            "pk",
            empties={
                "subject_name": "",
                "subject_email": "",
                "subject_email_index": "",
                "details": "",
                "particulars": dict,
                "asker_name": "",
                "asker_email": "",
                "reason": "",
            },
            stays={
                "reference": "drawn at random; staff see under it that the request was purged",
                "right": "a figure",
                "regime": "a figure",
                "place": "a country or state, a figure",
                "language": "a figure",
                "reason_code": "the law's code of a refusal, a figure",
            },
        ),
        RowsOfSubmission(
            Submission,
            "subject_requests",
            empties={"answers": dict},
            stays={"language": "a figure", "policy_version": "our own count"},
        ),
    ),
)
