"""A list of those to whom data were passed on: access with a narrower answer."""

from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import AnswerScope, SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import HandsOver
from requests_app.lifecycle.states import RequestState as S


class ThirdPartyListRequest(HandsOver, SubjectRequest):
    """A question to whom the person's data went."""

    class Meta:
        proxy = True


RIGHT = Right(
    code="third_party_list",
    label=_("Know who received my information"),
    short_label=_("Recipients"),
    hint=_("A list of the companies to which we passed information about you."),
    machine=ThirdPartyListRequest,
    operation=Operation.COLLECT,
    answer_scope=AnswerScope.RECIPIENTS,
    headlines={S.READY: _("Our answer is ready")},
)
