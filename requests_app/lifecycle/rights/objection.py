"""The right to object, per purpose: direct marketing is absolute and stops at once; the rest is weighed, and recorded.

Article 21 GDPR: (2)-(3) marketing; (1) otherwise unless compelling grounds override; Article 18(1)(d): restricted
meanwhile. An objection to marketing and to something else is opened as two linked requests, so that one need not wait.
"""

from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import CarriesOut, Weighs
from requests_app.lifecycle.states import RequestState as S

MARKETING = "marketing"


class ObjectionRequest(Weighs, CarriesOut, SubjectRequest):
    """A request to stop using data for a purpose."""

    class Meta:
        proxy = True

    @transition(field="state", source=S.IN_REVIEW, target=S.EXECUTING)
    def act_at_once(self) -> None:
        """Direct marketing: nothing is weighed."""


RIGHT = Right(
    code="objection",
    label=_("Object to how my information is used"),
    short_label=_("Object"),
    hint=_("Stop marketing at once, or tell us why we should not use your information for something else."),
    machine=ObjectionRequest,
    operation=Operation.SUPPRESS,
    headlines={
        S.WEIGHING: _("We are weighing your reasons; meanwhile your information is not used for this"),
        S.EXECUTING: _("We are stopping this use of your information"),
        S.COMPLETED: _("We have stopped this use of your information"),
    },
    endings={(S.COMPLETED, Outcome.PARTLY): _("We have stopped part of this use of your information")},
)
