"""What we asked and what the person answered or wrote unasked; that the clock stopped for it stays."""

from django.utils.translation import gettext_lazy as _

from requests_app.decisions.models import AskedQuestion, GuardianObjection, PersonNote
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("Questions, answers and notes"),
    goes=_("Words are emptied or deleted. That and when a question stopped the clock stays."),
    stage=Stage.RECORD,
    rows=(
        Rows(
            AskedQuestion,
            "subject_request",
            empties={"words": "", "clock_reason": "", "answer": ""},
            stays={"topic": "a figure", "currency": "a figure", "ending": "a figure"},
        ),
        Rows(PersonNote, "subject_request"),
        Rows(GuardianObjection, "subject_request"),
    ),
)
