"""What staff may ask of sweeps, checked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.sources.models import DataSource
from fulfillment.sources.selectors import searchable_sources
from fulfillment.sweeps.selectors import can_be_swept
from fulfillment.sweeps.states import TraceDecision
from requests_app.components.forms import PlainForm


class BeginForm(PlainForm):
    """Which source to go through."""

    source = forms.ChoiceField(label=_("Source"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (each.key, each.label) for each in sources_to_sweep()
        ]


class DecideForm(PlainForm):
    """The traces that were ticked, and what they are."""

    trace = forms.TypedMultipleChoiceField(choices=())
    decision = forms.ChoiceField(choices=[(each.value, each.label) for each in TraceDecision])

    def __init__(self, known: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trace"].choices = [(each, each) for each in known]  # type: ignore[attr-defined]


def sources_to_sweep() -> list[DataSource]:
    """The sources that are switched on and can be gone through."""
    return [each for each in searchable_sources() if can_be_swept(each)]
