"""A grievance raised with us, where a law obliges us to redress it; decided by staff."""

from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import Answers
from requests_app.lifecycle.states import RequestState as S


class GrievanceRequest(Answers, SubjectRequest):
    """Something that staff look into and answer."""

    class Meta:
        proxy = True


RIGHT = Right(
    code="grievance",
    label=_("Raise a grievance"),
    short_label=_("Grievance"),
    hint=_("Tell us what went wrong with your information or with a request."),
    machine=GrievanceRequest,
    operation=Operation.DECIDE,
    headlines={S.IN_REVIEW: _("We are looking into your grievance")},
)
