"""Which records are to stay, why, and how long."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from requests_app.components.forms import PlainForm
from requests_app.components.hold_fields import LastDayField, LookAgainField


class RecordHoldForm(PlainForm):
    """The records ticked on a page, with one reason and one last day for all of them."""

    numbers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Records"),
        coerce=int,
        error_messages={"required": gettext_lazy("Tick the records that are to stay.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Why must they stay?"),
        help_text=gettext_lazy("A dispute in court, an order to keep. The person reads these words."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why these records must stay.")},
    )
    until = LastDayField(gettext_lazy("The last day on which they must be there, if it is known."))
    look_again_on = LookAgainField()

    def __init__(self, numbers: Iterable[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["numbers"].choices = [(number, str(number)) for number in numbers]  # type: ignore[attr-defined]

    @property
    def ticked(self) -> frozenset[int]:
        """What was ticked, to draw the boxes again."""
        sent = self.data.getlist("numbers") if hasattr(self.data, "getlist") else []
        return frozenset(int(each) for each in sent if each.isdecimal())
