"""The two facts that an approver vouches for before a copy leaves the house."""

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm


class ReleaseForm(PlainForm):
    """Both boxes are ticked by hand, each time; nothing is ticked beforehand."""

    identity_seen = forms.BooleanField(
        label=_("The identity is proven as far as this right needs."),
        error_messages={"required": _("Look at the identity, then tick the first box.")},
    )
    recipient_seen = forms.BooleanField(
        label=_("The copy goes to the person it is about, at the address shown here."),
        error_messages={"required": _("Look at the recipient, then tick the second box.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
