"""Human review of an automated decision, where a law grants it (Article 22(3) GDPR and its likes)."""

from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import CarriesOut, Weighs
from requests_app.lifecycle.states import RequestState as S


class AutomatedDecisionRequest(Weighs, CarriesOut, SubjectRequest):
    """A request that a person looks at what a machine decided."""

    class Meta:
        proxy = True

    @transition(field="state", source=S.WEIGHING, target=S.COMPLETED)
    def let_stand(self, staff_id: str) -> None:
        """A person has looked, heard the person's view, and comes to the same decision."""
        self.decided_by_id, self.outcome = staff_id, Outcome.NOT_CHANGED


RIGHT = Right(
    code="automated_decision",
    label=_("Have a person review a decision"),
    short_label=_("Review"),
    hint=_("For a decision that was made about you by a computer alone."),
    machine=AutomatedDecisionRequest,
    operation=Operation.DECIDE,
    headlines={
        S.WEIGHING: _("A person is reviewing the decision"),
        S.COMPLETED: _("A person has reviewed the decision"),
    },
)
