"""The few things a person types on their own pages."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm
from requests_app.decisions.models import ANSWER_MAX

REFERENCE_MAX, CODE_MAX, REASON_MAX, APPEAL_MAX = 40, 40, 1000, 5000
CODE_ATTRIBUTES = {"autocapitalize": "characters", "spellcheck": "false"}


class ReferenceForm(PlainForm):
    """A reference alone: to ask for a new code."""

    widths: ClassVar[Mapping[str, str]] = {"reference": "input-code", "code": "input-code"}

    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("Starts with OM, for example OM-4F7K-92QD"),
        max_length=REFERENCE_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", **CODE_ATTRIBUTES}),
        error_messages={
            "required": _("Enter your reference"),
            "max_length": _("Enter a reference such as OM-4F7K-92QD"),
        },
    )


class CodeForm(PlainForm):
    """A mailed code alone: to download."""

    widths: ClassVar[Mapping[str, str]] = {"code": "input-code"}

    code = forms.CharField(
        label=_("Code"),
        help_text=_("8 letters and figures. You can paste it."),
        max_length=CODE_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", **CODE_ATTRIBUTES}),
        error_messages={
            "required": _("Enter the code from our message"),
            "max_length": _("Enter the 8 letters and figures of the code"),
        },
    )


class EnterForm(CodeForm, ReferenceForm):
    """Reference and code: to see one's request."""

    widths: ClassVar[Mapping[str, str]] = ReferenceForm.widths


class AppealForm(PlainForm):
    """What the person disagrees with, in their own words."""

    reason = forms.CharField(
        label=_("What should we look at again?"),
        help_text=_("In your own words. You need not name a law."),
        max_length=APPEAL_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": _("Say what we should look at again"),
            "max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d"),
        },
    )


class WithdrawForm(PlainForm):
    """Taking a request back, with a reason if one likes."""

    reason = forms.CharField(
        label=_("Why? (optional)"),
        help_text=_("It helps us do better. You need not say."),
        required=False,
        max_length=REASON_MAX,
        widget=forms.Textarea,
        error_messages={"max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d")},
    )


class AnswerForm(PlainForm):
    """The answer to our question, in the person's own words."""

    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("Only the privacy team reads it."),
        max_length=ANSWER_MAX,
        widget=forms.Textarea,
        error_messages={
            "required": _("Write your answer"),
            "max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d"),
        },
    )


class NoteForm(PlainForm):
    """What the person has to say about the end of their restriction."""

    words = forms.CharField(
        label=_("What speaks against it?"),
        help_text=_("Somebody reads this before anything changes."),
        max_length=ANSWER_MAX,
        widget=forms.Textarea,
        error_messages={
            "required": _("Write to us what speaks against it."),
            "max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d"),
        },
    )


class ObjectionForm(PlainForm):
    """Why a young person does not want what a guardian asked for, if they care to say."""

    words = forms.CharField(
        label=_("Why not? (optional)"),
        help_text=_("You need not say why."),
        max_length=ANSWER_MAX,
        required=False,
        widget=forms.Textarea,
        error_messages={
            "max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d"),
        },
    )
