"""The right to data portability: what the person gave us or made by using the service, in formats machines read.

The scope is that of Article 20 GDPR: processed by consent or contract, by automated means; the data map says so for
each collection. A law that knows portability only as a form of the access answer is served by the same copy.
"""

from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import HandsOver, MayBeLessened


class PortabilityRequest(MayBeLessened, HandsOver, SubjectRequest):
    """A request to move one's data elsewhere."""

    class Meta:
        proxy = True


RIGHT = Right(
    code="portability",
    label=_("Move my information to another service"),
    short_label=_("Move"),
    hint=_("Receive what you gave us, and what came from your use, in files that other services can read."),
    machine=PortabilityRequest,
    operation=Operation.COLLECT,
)
