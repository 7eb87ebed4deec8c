"""What staff type on the pages of a clock."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import OneOf, PlainForm
from requests_app.deadlines.events import Topic
from requests_app.decisions.models import ANSWER_MAX, WORDS_MAX, AskedQuestion
from requests_app.decisions.regime import laws_granting
from requests_app.lifecycle.models import SubjectRequest

MESSAGES = {"required": _("Say why, in a sentence.")}


def reason_field(label: Any, help_text: Any) -> forms.CharField:
    """A box for a reason."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=MESSAGES,
    )


class ExtendForm(PlainForm):
    """A longer term: why, and until when where the law leaves it to the notice."""

    widths: ClassVar[Mapping[str, str]] = {"until": "w-m"}

    until = forms.DateField(
        label=_("New last day"),
        help_text=_("Year-month-day, for example 2027-01-15"),
        widget=forms.DateInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Name the new last day."),
            "invalid": _("Write the day as in 2027-01-15."),
        },
    )
    reason = reason_field(
        _("Why does it take longer?"),
        _("The person reads these words in our message. Name nobody, and nothing of what was found."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, names_day: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not names_day:
            del self.fields["until"]


class RegimeForm(PlainForm):
    """Which law answers, and why."""

    regime = forms.ChoiceField(
        label=_("Which law answers?"), help_text=_("Only laws that grant this right on the day it arrived.")
    )
    reason = reason_field(_("Why?"), _("If the date moves, the person reads these words."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject_request: SubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["regime"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose one"))] + [
                (law.key, law.name) for law in laws_granting(subject_request)
            ]


class AskForm(PlainForm):
    """A question to the person, or a fee."""

    widths: ClassVar[Mapping[str, str]] = {"amount": "w-s", "currency": "w-s"}

    topic = forms.ChoiceField(label=_("What do you need?"), choices=AskedQuestion.TOPICS, widget=OneOf())
    words = forms.CharField(
        label=_("Your words to the person"),
        help_text=_("They read them on their own pages. Ask one thing, and say why you need it."),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what you ask.")},
    )
    amount = forms.DecimalField(
        label=_("Amount (only for a fee)"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency (only for a fee)"),
        help_text=_("Three letters, for example EUR"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Write the currency in three letters, such as EUR.")},
    )
    clock_reason = forms.CharField(
        label=_("Stop the clock? Say why (optional)"),
        help_text=_("Without a reason the clock runs on, which is the safe choice. It stays in the record."),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_charge: bool, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["clock_reason"]
        if not may_charge:
            for name in ("topic", "amount", "currency"):
                del self.fields[name]

    @property
    def topic_chosen(self) -> Topic:
        """What it is about; without a choice, a question."""
        return Topic(self.cleaned_data.get("topic") or Topic.CLARIFICATION)


class AnswerForm(PlainForm):
    """The person's answer, entered by staff as it came by post or phone."""

    answer = forms.CharField(
        label=_("What did the person answer?"),
        max_length=ANSWER_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write the answer.")},
    )


class GoOnForm(PlainForm):
    """Why we go on without an answer."""

    reason = reason_field(_("Why do we go on without an answer?"), _("It stays in the record of the case."))
