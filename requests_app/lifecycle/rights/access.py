"""The right of access: search every source, review what was found, hand over a copy with the facts the law asks for."""

from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import HandsOver, MayBeLessened


class AccessRequest(MayBeLessened, HandsOver, SubjectRequest):
    """A request for a copy of the information we hold."""

    class Meta:
        proxy = True


RIGHT = Right(
    code="access",
    label=_("Get a copy of my information"),
    short_label=_("Copy"),
    hint=_("See the information we hold about you, and take it with you."),
    machine=AccessRequest,
    operation=Operation.COLLECT,
)
