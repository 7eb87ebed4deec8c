"""What is signed by typing one's name: the field on a form, and the words in which staff read it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.components.forms import PlainForm

NAME_MAX = 200


def signature_field() -> forms.CharField:
    """A full name, typed as a signature."""
    return forms.CharField(
        label=gettext_lazy("Your full name, as your signature"),
        max_length=NAME_MAX,
        error_messages={"required": gettext_lazy("Type your full name")},
    )


class SignedForm(PlainForm):
    """A form that ends in a signature."""

    signature = signature_field()


def signed_or_seen(answers: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Who signed, or what staff saw on paper."""
    shown = answers.get("shown")
    return [(_("Seen by staff"), shown)] if shown else [(_("Signed as"), answers.get("signature", ""))]
