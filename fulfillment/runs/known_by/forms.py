"""What staff say about identities, checked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.identities.rules import VALUE_MAX
from fulfillment.sources.selectors import searchable_sources
from requests_app.components.forms import PlainForm, TickField

# What people are known by whatever is connected.
ALWAYS = ("email", "phone_number", "customer_number")


def kinds_known() -> list[str]:
    """Every kind that some connected source can be asked by."""
    known = {kind for each in searchable_sources() for kind in each.map_in_force.data_map.identity_kinds}
    return [*ALWAYS, *sorted(known - {*ALWAYS})]


class AddForm(PlainForm):
    """One more identity, and where it comes from."""

    kind = forms.ChoiceField(label=_("What it is"))
    value = forms.CharField(
        label=_("As it stands in the source"),
        max_length=VALUE_MAX,
        error_messages={"required": _("Enter the value.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    evidence = forms.CharField(
        label=_("Where it comes from (optional)"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind, kind.replace("_", " ")) for kind in kinds_known()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class AcceptForm(PlainForm):
    """By what it is known to be theirs, and whether theirs alone."""

    evidence = forms.CharField(
        label=_("By what do you know that it is theirs?"),
        help_text=_("For example: the invoice of 3 May bears both; the person called from this number."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say by what you know that it is theirs.")},
    )
    is_shared = TickField(
        label=_("Others use it as well, such as a household or an office"),
        required=False,
    )


class RefuseForm(PlainForm):
    """Why it is not used."""

    evidence = forms.CharField(
        label=_("Why is it not theirs, or not used?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why.")},
    )
