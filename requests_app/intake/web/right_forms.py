"""The questions that single rights ask, one page each; what they give becomes the particulars of a request."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import AnyOf, OneOf, Option
from requests_app.intake.checked import DETAILS_MAX, NAME_MAX
from requests_app.intake.web.forms import STOP_MARKETING
from requests_app.intake.web.questions import QuestionForm, address, line, text
from requests_app.lifecycle.particulars import MARKETING, TEXT_MAX, consents
from requests_app.policy.company import COMPANY


class RightForm(QuestionForm):
    """A page of one right."""

    def particulars(self) -> Mapping[str, object]:
        """Return what the request is to keep."""
        return dict(self.initial)

    def details(self) -> str:
        """Return the person's words for this right alone, where the page asks for them."""
        return ""


class ObjectionForm(RightForm):
    """Which uses, and why not."""

    title = _("Which use do you object to?")
    lead = _("While we weigh it, we do not use your information for it.")
    summary: ClassVar = {"purposes": _("Uses to stop"), "reasons": _("Your reasons")}
    purposes = forms.MultipleChoiceField(
        label=_("Choose all that apply"),
        widget=AnyOf(),
        error_messages={"required": _("Choose at least one use that you object to")},
    )
    reasons = text(
        _("What is special about your situation? (optional)"),
        hint=_("Your own words are enough. For marketing you need no reason."),
        length=TEXT_MAX,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who has chosen to stop marketing is not asked about it again.
        asked_already = STOP_MARKETING in self.answers.get("what", {}).get("rights", ())
        field = cast("forms.MultipleChoiceField", self.fields["purposes"])
        field.choices = [
            (each.key, each.label)
            for each in COMPANY.purposes
            if not (asked_already and each.key == MARKETING)
        ]


class ConsentForm(RightForm):
    """Which consents are taken back."""

    summary: ClassVar = {"consents": _("Consents you take back")}
    consents = forms.MultipleChoiceField(
        label=_("Which consents do you take back?"),
        help_text=_("We stop what rested on them at once. What happened before stays lawful."),
        choices=lambda: [(each.key, each.label) for each in consents()],
        widget=AnyOf(),
        error_messages={"required": _("Choose at least one consent")},
    )


class DecisionForm(RightForm):
    """Which decision, and what the person says to it."""

    title = _("Which decision should a person look at?")
    lead = _("Somebody who can change it will look at it, with what you tell us here.")
    summary: ClassVar = {"decision": _("The decision"), "view": _("Your view of it")}
    decision = text(
        _("The decision"),
        required=_("Tell us which decision you mean"),
        hint=_("What was decided, and when, as far as you know."),
        length=TEXT_MAX,
    )
    view = text(_("Your view of it (optional)"), hint=_("Why it should be different."), length=TEXT_MAX)


class DeletionForm(RightForm):
    """Whether the deletion may begin before the copy is delivered."""

    summary: ClassVar = {"order": _("Copy and deletion")}
    order = forms.ChoiceField(
        label=_("Shall we delete only after you have your copy?"),
        help_text=_("You asked for both."),
        choices=[("copy", _("Yes, my copy first")), ("any", _("No, the deletion may go first"))],
        widget=OneOf(
            {
                "copy": Option(_("We begin to delete once your copy is delivered.")),
                "any": Option(_("Your copy then holds only what is there when we look.")),
            }
        ),
        error_messages={"required": _("Choose what comes first")},
    )

    def particulars(self) -> Mapping[str, object]:
        return {"deletion_may_go_first": self.initial.get("order") == "any"}


class NominationForm(RightForm):
    """Who may act."""

    title = _("Who may act for you?")
    lead = _("If you die or cannot act yourself, this person may exercise your rights with us.")
    summary: ClassVar = {"nominee_name": _("Who may act for you"), "nominee_email": _("Their mail address")}
    nominee_name = line(_("Their name"), required=_("Enter their name"), length=NAME_MAX)
    nominee_email = address(_("Their mail address (optional)"), required="")


class OwnWordsForm(RightForm):
    """A complaint or a grievance, told."""

    summary: ClassVar = {"words": _("What went wrong")}
    words = text(
        _("What went wrong?"),
        required=_("Tell us what went wrong"),
        hint=_("Your own words are enough. If it is about a request, give its reference."),
        length=DETAILS_MAX,
    )

    def particulars(self) -> Mapping[str, object]:
        return {}

    def details(self) -> str:
        return str(self.initial.get("words", ""))
