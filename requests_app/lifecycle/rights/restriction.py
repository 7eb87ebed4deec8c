"""The right to restriction: records are flagged and left alone until the restriction is lifted, of which we tell first.

Article 18(3) GDPR: the person is informed before the restriction is lifted.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.states import RequestState as S


class RestrictionRequest(SubjectRequest):
    """A request to keep data and not use them."""

    class Meta:
        proxy = True

    @transition(field="state", source=S.IN_REVIEW, target=S.EXECUTING)
    def grant(self, staff_id: str, ground: str) -> None:
        """A ground of the law for restricting holds: the one found here, whatever the person had named."""
        self.decided_by_id, self.particulars = staff_id, {**self.particulars, "ground": ground}

    @transition(field="state", source=S.EXECUTING, target=S.IN_FORCE)
    def finish_execution(self, outcome: str) -> None:
        """Every source has flagged its records; the request is answered and the restriction stays."""
        self.outcome = outcome

    @transition(field="state", source=S.IN_FORCE, target=S.LIFTING_ANNOUNCED)
    def announce_lifting(self, staff_id: str, waits_until: datetime) -> None:
        """The person is told why and when, before anything changes."""
        self.reviewed_by_id, self.waits_until = staff_id, waits_until

    @transition(field="state", source=S.LIFTING_ANNOUNCED, target=S.IN_FORCE)
    def keep_in_force(self) -> None:
        """The lifting is called off."""
        self.waits_until = None

    @transition(field="state", source=S.LIFTING_ANNOUNCED, target=S.LIFTING)
    def lift(self, staff_id: str) -> None:
        """The announced day has come."""
        self.released_by_id = staff_id

    @transition(field="state", source=S.LIFTING, target=S.COMPLETED)
    def finish_lifting(self) -> None:
        """Every source has taken its flags away."""


RIGHT = Right(
    code="restriction",
    label=_("Keep my information, but do not use it"),
    short_label=_("Restrict"),
    hint=_("For example while you dispute that it is right, or need it for a claim."),
    machine=RestrictionRequest,
    operation=Operation.RESTRICT,
    headlines={
        S.EXECUTING: _("We are restricting the use of your information"),
        S.COMPLETED: _("Your restriction has ended"),
    },
    endings={(S.IN_FORCE, Outcome.PARTLY): _("Your restriction is in force for part of your information")},
)
