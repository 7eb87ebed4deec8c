"""The forms behind the ends of a case that need more than a reason."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm
from requests_app.decisions.appeal import REASON_MAX
from requests_app.lifecycle.models import Channel, SubjectRequest
from requests_app.review.words import regime_name

TOLD = _("The person reads these words.")
WORDS = {"required": _("Say why, in a sentence.")}


def _words() -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(
        label=_("Why?"), help_text=TOLD, max_length=2000, widget=area, error_messages=WORDS
    )


class ForwardForm(PlainForm):
    """To whom a request is passed on."""

    name = forms.CharField(
        label=_("Who decides about these data?"),
        help_text=_("The organisation for which we process them."),
        max_length=200,
        error_messages={"required": _("Name the organisation that decides.")},
    )
    contact = forms.CharField(
        label=_("How does the person reach them?"),
        help_text=_("A mail address, a page or a postal address for privacy requests."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say how the person reaches them.")},
    )
    reason = _words()
    version = forms.IntegerField(widget=forms.HiddenInput)


class JoinForm(PlainForm):
    """Which other request goes on."""

    linked_to_id = forms.ChoiceField(
        label=_("Which request goes on?"),
        help_text=_("It keeps its own reference and its own day."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the request that goes on.")},
    )
    reason = _words()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, others: list[SubjectRequest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["linked_to_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(each.pk), other_words(each)) for each in others]


def other_words(other: SubjectRequest) -> str:
    """A request in one line: reference, state, law, day."""
    received, due = f"{other.received_at:%-d %b %Y}", f"{other.response_due_on:%-d %b %Y}"
    words = _("%(reference)s, %(state)s, %(law)s: received %(received)s, due %(due)s")
    return str(words) % {
        "reference": other.reference,
        "state": str(other.get_state_display()).lower(),
        "law": regime_name(other.regime),
        "received": received,
        "due": due,
    }


class LetterOfAppealForm(PlainForm):
    """An appeal that came by letter, by mail or on the phone."""

    channel = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[
            (each.value, each.label)
            for each in (Channel.POST, Channel.MAIL, Channel.PHONE, Channel.IN_PERSON)
        ],
    )
    received_on = forms.DateField(
        label=_("On which day?"),
        help_text=_("Our time to answer counts from this day."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Say on which day it reached us."), "invalid": _("Enter a day.")},
    )
    reason = forms.CharField(
        label=_("What does the person say?"),
        help_text=_("In their words, as far as you have them."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write down what the person says.")},
    )

    def __init__(self, *args: Any, not_before: date, not_after: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._span = (not_before, not_after)

    def clean_received_on(self) -> date:
        """The day lies between our answer and today."""
        day: date = self.cleaned_data["received_on"]
        if not self._span[0] <= day <= self._span[1]:
            raise forms.ValidationError(_("The day is between our answer and today."))
        return day
