"""The words of decisions: what was weighed, proposed, put off, passed on; the verdicts stay."""

from django.utils.translation import gettext_lazy as _

from requests_app.decisions.models import MovedDate, PassedOn
from requests_app.lifecycle.second_person import ProposedDecision
from requests_app.lifecycle.weighed import Weighed
from requests_app.retention.base import Kept, Rows, Stage

KEPT = Kept(
    label=_("Words of decisions"),
    goes=_("What either side had to say and why a date moved is emptied. Verdicts, grounds and dates stay."),
    stage=Stage.RECORD,
    rows=(
        Rows(
            Weighed,
            "subject_request",
            empties={"our_side": "", "their_side": "", "conclusion": "", "change": ""},
            stays={"item": "a purpose of our policy", "ground": "the law's code"},
        ),
        Rows(MovedDate, "subject_request", empties={"reason": ""}, stays={"cause": "a figure"}),
        Rows(PassedOn, "subject_request"),
        Rows(ProposedDecision, "subject_request"),
    ),
)
