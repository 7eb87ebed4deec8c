"""What the person types to name a service, and what staff write when they refuse it."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from fulfillment.transmissions.endpoint import LONGEST
from requests_app.components.forms import PlainForm

NAME_MAX, KNOWN_AS_MAX, REASON_MAX = 120, 200, 2000
_TOO_LONG = _("Shorten this to %(limit_value)d characters; it has %(show_value)d")


class ServiceForm(PlainForm):
    """Who is to receive the copy, where, and as whom the person is known there."""

    widths: ClassVar[Mapping[str, str]] = {"name": "w-l"}

    name = forms.CharField(
        label=_("Name of the service"),
        help_text=_("The company that is to receive your copy."),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the name of the service"), "max_length": _TOO_LONG},
    )
    address = forms.CharField(
        label=_("Address for copies"),
        help_text=_("The service tells you this address. It looks like https://service.example/import"),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "url", "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={
            "required": _("Enter the address that the service gave you for copies"),
            "max_length": _TOO_LONG,
        },
    )
    known_as = forms.CharField(
        label=_("How they know you (optional)"),
        help_text=_(
            "A customer number, or a code they gave you for this. It is sent along, so that they find you."
        ),
        required=False,
        max_length=KNOWN_AS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": _TOO_LONG},
    )


class RefuseForm(PlainForm):
    """Why a copy is not sent to a service."""

    reason = forms.CharField(
        label=_("Why not?"),
        help_text=_("The person reads this, in these words."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why. The person reads it."), "max_length": _TOO_LONG},
    )
