"""The questions of the public form, one form each."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import OneOf, Option, PlainForm
from requests_app.intake.checked import DETAILS_MAX, EMAIL_MAX, NAME_MAX
from requests_app.intake.web.places import REGION_QUESTIONS, REGIONS, country_choices
from requests_app.lifecycle.known_rights import RIGHTS

OTHER_RIGHT = "other"
PERIOD_MAX = 200


class QuestionForm(PlainForm):
    """A page of the form; `answers` holds what the pages before it were given."""

    def __init__(self, *args: Any, answers: Mapping[str, Any], **kwargs: Any) -> None:
        self.answers = answers
        super().__init__(*args, **kwargs)


class WhoForm(QuestionForm):
    """Whether the visitor asks for themselves."""

    who = forms.ChoiceField(
        label=_("Who is this request about?"),
        help_text=_("We ask because we must be sure that information reaches only the person it belongs to."),
        choices=[("me", _("Me")), ("child", _("My child")), ("agent", _("Someone I represent"))],
        widget=OneOf(
            {
                "me": Option(_("I am asking for my own information."), "user"),
                "child": Option(_("I am a parent or guardian."), "child"),
                "agent": Option(
                    _("I act for another adult, for example as a lawyer or an authorised agent."), "users"
                ),
            }
        ),
        error_messages={"required": _("Choose who the request is about")},
    )


class PlaceForm(QuestionForm):
    """A choice of places that one may also decline; `skip` is the button "I’d rather not say"."""

    skip = forms.BooleanField(required=False, widget=forms.HiddenInput)
    nothing_chosen: ClassVar[Any] = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("skip"):
            # What stood in the list does not count: the visitor has chosen not to say.
            self.errors.pop("place", None)
            return {"skip": True, "place": ""}
        if not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", self.nothing_chosen)
        return cleaned


class WhereForm(PlaceForm):
    """The country the person lives in."""

    nothing_chosen = _("Choose the country you live in, or say that you would rather not")
    place = forms.ChoiceField(
        label=_("Where do you live?"),
        help_text=_("It decides which law protects you and by when you will have our answer."),
        choices=lambda: [("", _("Choose a country")), *country_choices()],
        required=False,
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"invalid_choice": _("Choose a country from the list")},
    )


class RegionForm(PlaceForm):
    """The state or province, where the law differs by it."""

    nothing_chosen = _("Choose where you live, or say that you would rather not")
    place = forms.ChoiceField(
        help_text=_("The law is not the same everywhere in your country."),
        required=False,
        error_messages={"invalid_choice": _("Choose one from the list")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.answers.get("where", {}).get("place", "")
        place = cast("forms.ChoiceField", self.fields["place"])
        place.label = str(REGION_QUESTIONS.get(country, ""))
        place.choices = [("", _("Choose one")), *REGIONS.get(country, {}).items()]


def _right_choices() -> list[tuple[str, Any]]:
    return [
        *((code, known.label) for code, known in RIGHTS.items()),
        (OTHER_RIGHT, _("Something else, or I am not sure")),
    ]


class WhatForm(QuestionForm):
    """What the person would like us to do."""

    right = forms.ChoiceField(
        label=_("What would you like us to do?"),
        choices=_right_choices,
        error_messages={"required": _("Choose what you would like us to do")},
        widget=OneOf(
            {
                **{code: Option(known.hint, "copy") for code, known in RIGHTS.items()},
                OTHER_RIGHT: Option(
                    _("We take it by mail, phone or post and answer just the same."), "message", True
                ),
            }
        ),
    )


class AboutForm(QuestionForm):
    """Who the person is and where mail reaches them."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As you would write it. Any script is fine."),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Enter your name"),
            "max_length": _("Enter a name of at most %(limit_value)d characters"),
        },
    )
    email = forms.EmailField(
        label=_("Mail address"),
        help_text=_("The one you use with us. We search for it, and send your reference and a code there."),
        max_length=EMAIL_MAX,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter your mail address"),
            "invalid": _("Enter a mail address in the form name@example.com"),
            "max_length": _("Enter a mail address of at most %(limit_value)d characters"),
        },
    )


class DetailsForm(QuestionForm):
    """What the person wants to add; all of it optional."""

    details = forms.CharField(
        label=_("What does it concern? (optional)"),
        help_text=_("For example a product, a purchase or a call. It helps us look in the right places."),
        required=False,
        max_length=DETAILS_MAX - PERIOD_MAX,
        widget=forms.Textarea,
        error_messages={"max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d")},
    )
    period = forms.CharField(
        label=_("Which period? (optional)"),
        help_text=_("For example “since May 2019”. Leave it empty for everything."),
        required=False,
        max_length=PERIOD_MAX,
        error_messages={"max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d")},
    )
