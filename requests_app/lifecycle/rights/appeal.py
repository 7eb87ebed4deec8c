"""An appeal: a linked request with its own clock, decided by somebody who did not decide the first."""

from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.states import RequestState as S


class AppealRequest(SubjectRequest):
    """A request to decide once more about another one."""

    class Meta:
        proxy = True

    @transition(field="state", source=S.IN_REVIEW, target=S.WEIGHING)
    def weigh(self, staff_id: str) -> None:
        """Somebody new to the matter takes it up."""
        self.reviewed_by_id = staff_id

    @transition(field="state", source=S.WEIGHING, target=S.COMPLETED)
    def uphold_appeal(self, staff_id: str) -> None:
        """The person was right: the request is opened again as a new one that follows from this."""
        self.decided_by_id, self.outcome = staff_id, Outcome.GRANTED


RIGHT = Right(
    code="appeal",
    label=_("Appeal against a decision"),
    short_label=_("Appeal"),
    hint=_("Somebody else looks at your request again."),
    machine=AppealRequest,
    operation=Operation.DECIDE,
    is_offered=False,
    headlines={
        S.WEIGHING: _("Somebody else is looking at your request"),
        S.COMPLETED: _("Your appeal was successful"),
        S.REFUSED: _("We decided as before"),
    },
)
