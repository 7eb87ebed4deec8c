"""What staff type on the retention page."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm
from requests_app.components.hold_fields import LastDayField, LookAgainField
from requests_app.lifecycle.errors import UnknownReference
from requests_app.lifecycle.references import read_reference

# Beyond that no law of ours reaches.
FARTHEST_YEAR = 2100


class DayForm(PlainForm):
    """For which day a purge is rehearsed."""

    widths: ClassVar[Mapping[str, str]] = {"day": "w-m"}

    day = forms.DateField(
        label=_("Rehearse for the day"),
        help_text=_("Year-month-day, for example 2027-01-15"),
        widget=forms.DateInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Name a day."),
            "invalid": _("Write the day as in 2027-01-15."),
        },
    )

    def clean_day(self) -> Any:
        """Refuse what no calendar of laws reaches."""
        day = self.cleaned_data["day"]
        if not 2000 <= day.year < FARTHEST_YEAR:
            raise forms.ValidationError(_("Name a day of this century."))
        return day


class LookForm(PlainForm):
    """How long a hold goes on standing that somebody has looked at."""

    until = LastDayField()
    look_again_on = LookAgainField()


class HoldForm(PlainForm):
    """Which record is kept beyond its day, and why."""

    widths: ClassVar[Mapping[str, str]] = {"reference": "w-m"}

    reference = forms.CharField(
        label=_("Reference"), max_length=20, error_messages={"required": _("Name the request.")}
    )
    why = forms.CharField(
        label=_("Why must it be kept?"),
        help_text=_("Such as the number of a case at court. It is sealed, and goes with the record."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in a sentence.")},
    )
    until = LastDayField()
    look_again_on = LookAgainField()

    def clean_reference(self) -> str:
        """Read it as it is written on letters."""
        try:
            return read_reference(self.cleaned_data["reference"])
        except UnknownReference as unknown:
            raise forms.ValidationError(unknown.sentence) from unknown
