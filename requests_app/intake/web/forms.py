"""The questions that everybody is asked, one form each."""

from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import AnyOf, OneOf, Option
from requests_app.intake.checked import DETAILS_MAX, NAME_MAX
from requests_app.intake.offered import rights_offered
from requests_app.intake.web.places import REGION_QUESTIONS, REGIONS, country_choices, place_name, place_of
from requests_app.intake.web.questions import QuestionForm, address, line, text

PERIOD_MAX = 200
# A choice of its own that needs no page: an objection to marketing is absolute and asks for no reasons.
STOP_MARKETING = "stop_marketing"
ICONS = {
    "access": "copy",
    "deletion": "trash",
    "correction": "pencil",
    "portability": "move",
    "objection": "hand",
    "withdraw_consent": "minus",
    "restriction": "snow",
    "opt_out_sale_share": "split",
    "limit_sensitive": "sliders",
    "automated_decision": "scale",
    "confirmation": "search",
    "third_party_list": "list",
    "complaint": "flag",
    "grievance": "flag",
    "nominate": "users",
}


class WhoForm(QuestionForm):
    """Whether the visitor asks for themselves."""

    summary: ClassVar = {"who": _("Who it is about")}
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

    nothing_chosen = _("Choose a country, or say that you would rather not")
    place = forms.ChoiceField(
        help_text=_("It decides which law protects you and by when you will have our answer."),
        choices=lambda: [("", _("Choose a country")), *country_choices()],
        required=False,
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"invalid_choice": _("Choose a country from the list")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.about_whom == "me"
        self.fields["place"].label = str(_("Where do you live?") if own else _("Where do they live?"))
        if not own:
            self.fields["place"].help_text = _("It decides which law protects them, and by when we answer.")
            self.fields["place"].widget.attrs["autocomplete"] = "off"


class RegionForm(PlaceForm):
    """The state or province, where the law differs by it."""

    nothing_chosen = _("Choose one, or say that you would rather not")
    place = forms.ChoiceField(
        help_text=_("The law is not the same everywhere in your country."),
        required=False,
        error_messages={"invalid_choice": _("Choose one from the list")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.answers.get("where", {}).get("place", "")
        own, theirs = REGION_QUESTIONS.get(country, ("", ""))
        place = cast("forms.ChoiceField", self.fields["place"])
        place.label = str(own if self.about_whom == "me" else theirs)
        place.choices = [("", _("Choose one")), *REGIONS.get(country, {}).items()]


class WhatForm(QuestionForm):
    """What the person would like us to do: any of the rights they have where they live."""

    rights = forms.MultipleChoiceField(
        label=_("What would you like us to do?"),
        help_text=_(
            "Choose all that apply. If you ask for a copy and for deletion, you get your copy first."
        ),
        error_messages={
            "required": _("Choose what you would like us to do"),
            "invalid_choice": _("Choose from the list: one of your choices is not a right there"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str | Promise]] = []
        beside: dict[str, Option] = {}
        for right in rights_offered(place_of(self.answers), self.on):
            if right.code == "objection":
                choices.append((STOP_MARKETING, _("Stop marketing")))
                hint = _("No more advertising, at once and for good. You need no reason.")
                beside[STOP_MARKETING] = Option(hint, "mute")
            choices.append((right.code, right.label))
            beside[right.code] = Option(right.hint, ICONS.get(right.code, "dots"))
        if "objection" in beside:
            said = _("Tell us which use, and why. While we weigh it, we do not use your information for it.")
            beside["objection"] = Option(said, ICONS["objection"])
        field = cast("forms.MultipleChoiceField", self.fields["rights"])
        field.widget = AnyOf(beside)
        field.choices = choices

    @property
    def place(self) -> str:
        """The name of the place whose rights are shown; empty when the person would not say."""
        place = place_of(self.answers)
        return place_name(place) if place else ""


class AboutForm(QuestionForm):
    """Who the person is and where mail reaches them; of a child also its age."""

    summary: ClassVar = {
        "name": _("Name"),
        "email": _("Mail address"),
        "language": _("Language of our letters"),
        "age": _("Age"),
    }

    name = line(_("Your name"), hint=_("As you would write it. Any script is fine."), length=NAME_MAX)
    email = address(
        _("Mail address"),
        required=_("Enter your mail address"),
        hint=_("The one you use with us. We search for it, and send your reference and a code there."),
    )
    language = forms.ChoiceField(
        label=_("Language of our letters"),
        help_text=_("Our mails, letters and the copy come in it. Your records stay as they were written."),
        choices=settings.LANGUAGES,
        required=False,
        error_messages={"invalid_choice": _("Choose a language from the list")},
    )
    age = forms.ChoiceField(
        label=_("How old is your child?"),
        choices=[
            ("under_13", _("Under 13")),
            ("13_15", _("13 to 15")),
            ("16_17", _("16 or 17")),
            ("18", _("18 or older")),
        ],
        widget=OneOf(
            {
                "under_13": Option(),
                "16_17": Option(_("In many places they can ask for themselves.")),
                "18": Option(_("They ask for themselves, or you act for them with their permission.")),
            }
        ),
        error_messages={"required": _("Choose how old your child is")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, email = self.fields["name"], self.fields["email"]
        name.required = True
        name.error_messages["required"] = str(self._said(_("Enter your name"), _("Enter their name")))
        if self.about_whom != "child":
            del self.fields["age"]
        if self.about_whom == "me":
            name.widget.attrs["autocomplete"] = "name"
            return
        name.label = str(_("Their name"))
        name.help_text = _("As they would write it. Any script is fine.")
        email.label = str(_("Their mail address"))
        email.error_messages["required"] = str(_("Enter their mail address"))
        email.widget.attrs["autocomplete"] = "off"
        email.help_text = (
            _("The one used with us; it may be yours. We search for it. The code goes to your own address.")
            if self.about_whom == "child"
            else _("The one they use with us. We search for it, and ask them there to confirm themselves.")
        )

    def _said(self, own: Promise, theirs: Promise) -> Promise:
        return own if self.about_whom == "me" else theirs


class DetailsForm(QuestionForm):
    """What the person wants to add; all of it optional."""

    title = _("Would you like to add anything?")
    lead = _("You need not. Without it we look everywhere and for all time.")
    summary: ClassVar = {"details": _("What it concerns"), "period": _("Which period")}
    details = text(
        _("What does it concern? (optional)"),
        hint=_("For example a product, a purchase or a call. It helps us look in the right places."),
        length=DETAILS_MAX - PERIOD_MAX,
    )
    period = line(
        _("Which period? (optional)"),
        hint=_("For example “since May 2019”. Leave it empty for everything."),
        length=PERIOD_MAX,
    )
