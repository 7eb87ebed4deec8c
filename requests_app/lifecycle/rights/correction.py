"""The right to correction: the person says which field is wrong and what is right; staff decide field by field.

While it is checked, the processing of a disputed field is restricted (Article 18(1)(a) GDPR).
"""

from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import CarriesOut, Weighs
from requests_app.lifecycle.states import RequestState as S


class CorrectionRequest(Weighs, CarriesOut, SubjectRequest):
    """A request to put wrong information right."""

    class Meta:
        proxy = True


RIGHT = Right(
    code="correction",
    label=_("Correct my information"),
    short_label=_("Correct"),
    hint=_("Tell us what is wrong and what is right."),
    machine=CorrectionRequest,
    operation=Operation.CORRECT,
    headlines={
        S.WEIGHING: _("We are checking what you told us; meanwhile what you dispute is not used"),
        S.EXECUTING: _("We are correcting your information"),
        S.COMPLETED: _("Your information was looked at, and corrected where it was wrong"),
    },
)
