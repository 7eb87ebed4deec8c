"""A bare confirmation whether data are processed: access with a narrower answer."""

from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import AnswerScope, SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import HandsOver
from requests_app.lifecycle.states import RequestState as S


class ConfirmationRequest(HandsOver, SubjectRequest):
    """A question whether we hold anything about the person."""

    class Meta:
        proxy = True


RIGHT = Right(
    code="confirmation",
    label=_("Know whether you hold information about me"),
    short_label=_("Confirm"),
    hint=_("A short answer: yes or no, and what kinds of information."),
    machine=ConfirmationRequest,
    operation=Operation.COLLECT,
    answer_scope=AnswerScope.CONFIRMATION,
    headlines={S.READY: _("Our answer is ready")},
)
