"""How long a hold lasts, as staff say it: a last day where one is known, else a day on which somebody looks again."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.policy.company import COMPANY

ENDS = gettext_lazy("Once it is over the hold ends by itself.")


class LastDayField(forms.DateField):
    """The last day of a hold, where it is known; `ends` says what happens then."""

    def __init__(self, ends: Any = ENDS) -> None:
        super().__init__(
            label=gettext_lazy("Until when? (optional)"),
            help_text=ends,
            required=False,
            widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}),
        )


class LookAgainField(forms.DateField):
    """When somebody looks at a hold again that has no last day."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Without a last day: when does somebody look at it again?"),
            help_text=lazy(_in_words, str)(),
            required=False,
            widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}),
        )


def _in_words() -> str:
    months = COMPANY.keeping.hold_review_months
    return _(
        "At the latest in %(months)s months, as where nothing is said. The hold stands until it is lifted."
    ) % {"months": months}
