"""The right to deletion: a dry run, a second person, a waiting period with a way back, then erase and look again.

The waiting period never moves the legal date and is shortened to end before it.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import Searches
from requests_app.lifecycle.states import RequestState as S


class DeletionRequest(Searches, SubjectRequest):
    """A request to erase what we hold."""

    class Meta:
        proxy = True

    @transition(field="state", source=S.CHECKING, target=S.AWAITING_APPROVAL)
    def propose_deletion(self, staff_id: str) -> None:
        """The dry run is read: what goes and what must stay is decided."""
        self.reviewed_by_id = staff_id

    @transition(field="state", source=[S.AWAITING_APPROVAL, S.WAITING_PERIOD], target=S.CHECKING)
    def send_back(self) -> None:
        """The dry run is looked at again; also the way to stop what was approved, for a hold that came since."""
        self.waits_until = None

    @transition(field="state", source=S.AWAITING_APPROVAL, target=S.WAITING_PERIOD)
    def approve_deletion(self, staff_id: str, waits_until: datetime) -> None:
        """A second person agrees; the person is told on every channel and can still stop it."""
        self.released_by_id, self.waits_until = staff_id, waits_until

    @transition(field="state", source=S.WAITING_PERIOD, target=S.EXECUTING)
    def begin_execution(self) -> None:
        """The waiting period is over and nobody stopped it."""

    @transition(field="state", source=S.EXECUTING, target=S.VERIFYING)
    def finish_execution(self) -> None:
        """Every source has erased, or said why it keeps."""

    @transition(field="state", source=S.VERIFYING, target=S.CONFIRMING)
    def finish_verification(self) -> None:
        """The sources were searched once more."""

    @transition(field="state", source=S.CONFIRMING, target=S.EXECUTING)
    def carry_out_again(self, staff_id: str) -> None:
        """Something was left that should be gone."""
        self.decided_by_id = staff_id

    @transition(field="state", source=S.CONFIRMING, target=S.COMPLETED)
    def complete(self, staff_id: str, outcome: str) -> None:
        """What is gone is gone, and what stays has its reason."""
        self.decided_by_id, self.outcome = staff_id, outcome


RIGHT = Right(
    code="deletion",
    label=_("Delete my information"),
    short_label=_("Delete"),
    hint=_("We erase what we hold about you, except what a law obliges us to keep."),
    machine=DeletionRequest,
    operation=Operation.ERASE,
    headlines={
        S.FULFILLING: _("We are finding out what would be deleted"),
        S.CHECKING: _("We are checking what can be deleted"),
        S.AWAITING_APPROVAL: _("A second person is checking what will be deleted"),
        S.WAITING_PERIOD: _("Your information will be deleted; you can still stop it"),
        S.EXECUTING: _("We are deleting your information"),
        S.COMPLETED: _("Your information is deleted"),
    },
    endings={
        (S.COMPLETED, Outcome.PARTLY): _("Your information is deleted, except what must stay"),
        (S.COMPLETED, Outcome.NOT_CHANGED): _("There was nothing to delete"),
    },
)
