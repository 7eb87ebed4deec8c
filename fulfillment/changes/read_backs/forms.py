"""Why what a look showed may stand."""

from django import forms
from django.utils.translation import gettext_lazy

from requests_app.components.forms import PlainForm


class StandForm(PlainForm):
    """The reason."""

    why = forms.CharField(
        label=gettext_lazy("Why may this stand?"),
        help_text=gettext_lazy(
            "For example because the records are right as they are. The person reads these words."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why this may stand.")},
    )
