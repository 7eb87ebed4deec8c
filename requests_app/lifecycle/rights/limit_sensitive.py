"""Limiting the use of sensitive information: no proof of identity, and a short clock."""

from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import ActsAtOnce, CarriesOut
from requests_app.lifecycle.states import RequestState as S


class LimitSensitiveRequest(ActsAtOnce, CarriesOut, SubjectRequest):
    """A request to use sensitive data only for what is necessary."""

    class Meta:
        proxy = True

    @transition(field="state", source=[S.IN_REVIEW, S.EXECUTING], target=S.REFUSED)
    def refuse(self, staff_id: str, code: str) -> None:
        """Only for a good-faith, documented belief that the request is fraudulent; it acts before anyone reads it."""
        self.decided_by_id, self.reason_code = staff_id, code


RIGHT = Right(
    code="limit_sensitive",
    label=_("Limit the use of my sensitive information"),
    short_label=_("Limit"),
    hint=_("We use it only for what you asked us to do."),
    machine=LimitSensitiveRequest,
    operation=Operation.SUPPRESS,
    headlines={S.COMPLETED: _("The use of your sensitive information is limited")},
    endings={
        (S.COMPLETED, Outcome.PARTLY): _(
            "The use of your sensitive information is limited, but not everywhere yet"
        )
    },
)
