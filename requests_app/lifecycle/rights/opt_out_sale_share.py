"""Opting out of sale, sharing and targeted advertising: no proof of identity, and a short clock."""

from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import ActsAtOnce, CarriesOut
from requests_app.lifecycle.states import RequestState as S


class OptOutSaleShareRequest(ActsAtOnce, CarriesOut, SubjectRequest):
    """A request not to sell or share."""

    class Meta:
        proxy = True

    @transition(field="state", source=[S.IN_REVIEW, S.EXECUTING], target=S.REFUSED)
    def refuse(self, staff_id: str, code: str) -> None:
        """Only for a good-faith, documented belief that the request is fraudulent; it acts before anyone reads it."""
        self.decided_by_id, self.reason_code = staff_id, code


RIGHT = Right(
    code="opt_out_sale_share",
    label=_("Stop selling or sharing my information"),
    short_label=_("Opt out"),
    hint=_("This includes advertising that follows you from site to site."),
    machine=OptOutSaleShareRequest,
    operation=Operation.SUPPRESS,
    headlines={S.COMPLETED: _("Your information is no longer sold or shared")},
    endings={
        (S.COMPLETED, Outcome.PARTLY): _(
            "Your information is no longer sold or shared, but not everywhere yet"
        )
    },
)
