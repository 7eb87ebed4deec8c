"""A complaint about how we handle personal data, where a law obliges us to take it up; decided by staff."""

from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import Answers
from requests_app.lifecycle.states import RequestState as S


class ComplaintRequest(Answers, SubjectRequest):
    """Something that staff look into and answer."""

    class Meta:
        proxy = True


RIGHT = Right(
    code="complaint",
    label=_("Complain about how my information is handled"),
    short_label=_("Complaint"),
    hint=_("We confirm that we have it, look into it and tell you what came of it."),
    machine=ComplaintRequest,
    operation=Operation.DECIDE,
    headlines={S.IN_REVIEW: _("We are looking into your complaint")},
)
