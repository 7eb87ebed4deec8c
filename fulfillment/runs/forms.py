"""The forms of a run: approve the plan as it was shown, leave a source out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm


class ApproveForm(PlainForm):
    """What the page of a plan sends: the version of the case, and the maps that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    maps = forms.CharField(widget=forms.HiddenInput)


class ExcludeForm(PlainForm):
    """Why a source is not searched."""

    reason = forms.CharField(
        label=_("Why is it left out?"),
        help_text=_("The answer to the person says that this source was not searched, and why."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why this source is left out.")},
    )
