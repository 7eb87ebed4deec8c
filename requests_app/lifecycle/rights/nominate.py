"""Naming somebody who exercises the rights after death or incapacity, where a law knows it; recorded by staff."""

from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import Answers


class NominateRequest(Answers, SubjectRequest):
    """Something that staff look into and answer."""

    class Meta:
        proxy = True


RIGHT = Right(
    code="nominate",
    label=_("Name somebody to act for me"),
    short_label=_("Nominate"),
    hint=_("Somebody who may exercise your rights if you die or cannot act."),
    machine=NominateRequest,
    operation=Operation.DECIDE,
)
