"""The right of access: search every source, review what was found, hand over a copy with the facts the law asks for."""

from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.states import RequestState as S


class AccessRequest(SubjectRequest):
    """A request for a copy of the information we hold."""

    class Meta:
        proxy = True

    @transition(field="state", source=S.IN_REVIEW, target=S.FULFILLING)
    def approve(self, staff_id: str) -> None:
        """A case worker has read the plan and lets the sources be searched."""
        self.approved_by_id = staff_id

    @transition(field="state", source=S.FULFILLING, target=S.CHECKING)
    def finish_search(self) -> None:
        """Every source has given its answer."""

    @transition(field="state", source=S.CHECKING, target=S.FULFILLING)
    def search_again(self, staff_id: str) -> None:
        """The findings are replaced by those of a new run."""
        self.approved_by_id = staff_id

    @transition(field="state", source=S.CHECKING, target=S.PREPARING)
    def finish_review(self, staff_id: str) -> None:
        """What goes into the copy is decided."""
        self.reviewed_by_id = staff_id

    @transition(field="state", source=S.PREPARING, target=S.AWAITING_RELEASE)
    def bundle_built(self) -> None:
        """The copy is complete and stored."""

    @transition(field="state", source=[S.PREPARING, S.AWAITING_RELEASE], target=S.CHECKING)
    def send_back(self) -> None:
        """The approver, or the preparer, wants the review reopened; also the way out of a copy that cannot be built."""

    @transition(field="state", source=S.AWAITING_RELEASE, target=S.READY)
    def release(self, staff_id: str) -> None:
        """A second person lets the copy go."""
        self.released_by_id = staff_id

    @transition(field="state", source=S.READY, target=S.COMPLETED)
    def deliver(self) -> None:
        """The person has fetched the copy."""


RIGHT = Right(
    code="access",
    label=_("Get a copy of my information"),
    short_label=_("Copy"),
    hint=_("See the information we hold about you, and take it with you."),
    machine=AccessRequest,
    operation=Operation.COLLECT,
    proof=IdentityLevel.CHANNEL,
)
