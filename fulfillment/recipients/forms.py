"""What staff say of a recipient and of what came of a notice; what a recipient answers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fulfillment.recipients.endings import NEEDS_WHY, Ending
from fulfillment.recipients.models import Recipient, Way
from fulfillment.recipients.places import Place, disclosed_places
from fulfillment.recipients.save import RecipientDetails
from requests_app.components.forms import AnyOf, OneOf, Option, PlainForm, TickField
from requests_app.policy.company import COMPANY

TOLD = "told"


class RecipientForm(PlainForm):
    """Who has data from us, which, by what it knows a person, and how it is told."""

    widths = {"remind_after_days": "w-s", "language": "w-m"}  # noqa: RUF012

    label = forms.CharField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Say what this recipient is called.")},
    )
    disclosed_as = forms.ChoiceField(
        label=_("What it is in the privacy policy"),
        help_text=_("The data maps name recipients by these words."),
        choices=[(each.key, each.label) for each in COMPANY.recipients],
    )
    narrowed_to = forms.MultipleChoiceField(
        label=_("What it has had from us (optional)"),
        help_text=_("Tick nothing when it has everything that the data maps say such recipients have."),
        required=False,
        widget=AnyOf(),
    )
    known_by = forms.ChoiceField(
        label=_("By what it knows a person"),
        help_text=_("Nothing else about a person is told. It must be something that it has had from us."),
        required=False,
    )
    way = forms.ChoiceField(label=_("How it is told"), choices=Way.choices, widget=OneOf())
    mail_address = forms.CharField(label=_("Mail address (optional)"), max_length=254, required=False)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    url = forms.CharField(
        label=_("Address of its system (optional)"),
        help_text=_("https:// only. The call is signed as Standard Webhooks says."),
        max_length=250,
        required=False,
    )
    secret = forms.CharField(
        label=_("Signing secret (optional)"),
        help_text=_(
            "whsec_ and 24 to 64 bytes in base64. It is never shown again; empty keeps the one in force."
        ),
        max_length=120,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    remind_after_days = forms.IntegerField(
        label=_("Days until it is reminded"), min_value=1, max_value=365, initial=14
    )
    enabled = TickField(label=_("It is told from now on"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = disclosed_places()
        self.fields["narrowed_to"].choices = [  # type: ignore[attr-defined]
            (each.key, f"{each.source_label}: {each.collection.label}") for each in places
        ]
        self.fields["known_by"].choices = [("", _("Nothing: a person tells it")), *_fields_of(places)]  # type: ignore[attr-defined]

    @property
    def details(self) -> RecipientDetails:
        """What was said, once the form is valid."""
        said = dict(self.cleaned_data)
        return RecipientDetails(
            **{
                **said,
                "narrowed_to": tuple(said["narrowed_to"]),
                "mail_address": said["mail_address"].strip(),
            }
        )


def shown_in_form(recipient: Recipient) -> dict[str, Any]:
    """What the form shows of a recipient: everything but its secret."""
    return {
        "label": recipient.label,
        "disclosed_as": recipient.disclosed_as,
        "narrowed_to": recipient.narrowed_to,
        "known_by": recipient.known_by,
        "way": recipient.way,
        "mail_address": recipient.mail_address,
        "language": recipient.language,
        "url": recipient.url_sealed,
        "remind_after_days": recipient.remind_after_days,
        "enabled": recipient.enabled,
    }


class OutcomeForm(PlainForm):
    """What staff write down of a recipient."""

    outcome = forms.ChoiceField(
        label=_("How does it stand?"),
        choices=[(TOLD, _("We have told them; their answer is still to come")), *Ending.choices],
        widget=OneOf({Ending.IMPOSSIBLE.value: Option(after_or=True)}),
        error_messages={"required": _("Say how it stands.")},
    )
    on = forms.DateField(
        label=_("On which day were they told?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}),
    )
    why = forms.CharField(
        label=_("Why (needed where they cannot, or are not told)"),
        help_text=_("The person may read why somebody was not told."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the day or the reason that the outcome needs."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("outcome") == TOLD and not said.get("on") and "on" not in self.errors:
            self.add_error("on", _("Give the day on which they were told."))
        if said.get("outcome") in NEEDS_WHY and not said.get("why", "").strip():
            self.add_error("why", _("Say why."))
        return said


class AnswerForm(PlainForm):
    """What a recipient answers by its link."""

    ending = forms.ChoiceField(
        label=_("How does it stand with you?"),
        choices=[
            (Ending.DONE.value, _("We have done it")),
            (Ending.NOT_HELD.value, _("We hold nothing of this person")),
            (Ending.CANNOT.value, _("We cannot do it")),
        ],
        widget=OneOf(),
        error_messages={"required": _("Pick one of the three.")},
    )
    why = forms.CharField(
        label=_("If you cannot: why?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where there is one to give."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("ending") in NEEDS_WHY and not said.get("why", "").strip():
            self.add_error("why", _("Say why you cannot."))
        return said


def _fields_of(places: Iterable[Place]) -> list[tuple[str, Any]]:
    return [
        (
            f"{place.source_label}: {place.collection.label}",
            [(f"{place.key}/{each.name}", each.label) for each in place.collection.returned_fields],
        )
        for place in places
    ]
