"""Withdrawal of consent, per consent: acts at once, and is as easy as giving it was (Article 7(3) GDPR)."""

from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation, Right
from requests_app.lifecycle.rights.phases import ActsAtOnce, CarriesOut
from requests_app.lifecycle.states import RequestState as S


class WithdrawConsentRequest(ActsAtOnce, CarriesOut, SubjectRequest):
    """A consent taken back."""

    class Meta:
        proxy = True


RIGHT = Right(
    code="withdraw_consent",
    label=_("Withdraw my consent"),
    short_label=_("Consent"),
    hint=_("We stop what rested on it, at once."),
    machine=WithdrawConsentRequest,
    operation=Operation.SUPPRESS,
    headlines={
        S.EXECUTING: _("We are stopping what rested on your consent"),
        S.COMPLETED: _("Your consent is withdrawn"),
    },
)
