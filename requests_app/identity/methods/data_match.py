"""Two or three points that only the person and we know, with a signed declaration; staff compare."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.components.forms import OneOf, PlainForm, TickField
from requests_app.identity.base import Material, Method
from requests_app.identity.facts import FEWEST, MOST, Fact, askable, facts, score
from requests_app.lifecycle.models import Asker, IdentityLevel, SubjectRequest

ANSWER_MAX, NAME_MAX = 200, 200
# 11 CCR 7062(c): a declaration signed under penalty of perjury. Elsewhere nobody is made to swear.
DECLARATIONS = {
    "us-ca": gettext_lazy(
        "I declare under penalty of perjury under the laws of the State of California that I am the person whose "
        "personal information this request is about, and that my answers are true."
    )
}
DECLARATION = gettext_lazy(
    "I declare that I am the person whose information this request is about, and that my answers are true."
)


def points_of(asked: Mapping[str, Any]) -> list[str]:
    """The points to ask: those that staff chose, or the first three."""
    known = {each.key for each in askable()}
    chosen = [key for key in asked.get("points", ()) if key in known]
    return chosen or [each.key for each in askable()[:MOST]]


def _question(fact: Fact) -> forms.Field:
    return forms.CharField(
        label=_(fact.label),
        help_text=_(fact.hint) if fact.hint else "",
        required=False,
        max_length=ANSWER_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d")},
    )


class PointsForm(PlainForm):
    """What the person answers, and signs."""

    def __init__(self, *args: Any, points: list[str], declaration: str, **kwargs: Any) -> None:
        self.points, self.declaration = points, declaration
        super().__init__(*args, **kwargs)

    def more_fields(self) -> Mapping[str, forms.Field]:
        """The questions, then what is signed."""
        asked: dict[str, forms.Field] = {key: _question(facts()[key]) for key in self.points}
        asked["declared"] = TickField(
            label=self.declaration,
            error_messages={"required": _("Tick the declaration, or choose another way")},
        )
        asked["signature"] = forms.CharField(
            label=_("Your full name, as your signature"),
            max_length=NAME_MAX,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": _("Type your full name")},
        )
        return asked

    def clean(self) -> dict[str, Any]:
        """At least two answers: with fewer nothing can be reached."""
        cleaned: dict[str, Any] = super().clean() or {}
        if sum(1 for key in self.points if cleaned.get(key)) < FEWEST:
            self.add_error(None, _("Answer at least two of the questions. Leave out what you do not know."))
        return cleaned


class MarksForm(PlainForm):
    """What the staff mark beside each answer."""

    MATCHES, DIFFERS = "matches", "differs"

    def __init__(self, *args: Any, points: list[str], **kwargs: Any) -> None:
        self.points = points
        super().__init__(*args, **kwargs)

    def more_fields(self) -> Mapping[str, forms.Field]:
        """One question for each answer."""
        choices = [(self.MATCHES, _("Matches the record")), (self.DIFFERS, _("Does not match"))]
        return {
            key: forms.ChoiceField(
                label=_(facts()[key].label),
                choices=choices,
                widget=OneOf,
                error_messages={"required": _("Mark every answer")},
            )
            for key in self.points
        }


class DataMatch(Method):
    """California's reasonable (two points) and reasonably high degree (three and a declaration), 11 CCR 7062."""

    key = "data_match"
    label = gettext_lazy("Answer a few questions")
    hint = gettext_lazy(
        "Two or three things about you and us that nobody else can know. You sign with your name."
    )
    may_cover = gettext_lazy("Leave out what you do not know. Never give a password or a whole card number.")
    reaches = IdentityLevel.HIGH
    position = 30

    def is_for(self, subject_request: SubjectRequest) -> bool:
        return subject_request.asked_by != Asker.GUARDIAN

    def reach(self, asked: Mapping[str, Any]) -> IdentityLevel:
        return IdentityLevel.HIGH if len(points_of(asked)) >= MOST else IdentityLevel.REASONABLE

    def person_form(
        self, subject_request: SubjectRequest, asked: Mapping[str, Any], **sent: Any
    ) -> forms.Form:
        declaration = str(DECLARATIONS.get(subject_request.regime, DECLARATION))
        return PointsForm(points=points_of(asked), declaration=declaration, **sent)

    def material(self, form: forms.Form) -> Material:
        given = {key: value for key, value in form.cleaned_data.items() if key in facts() and value}
        signed = {"signature": form.cleaned_data["signature"], "declared": str(form.fields["declared"].label)}
        return Material(answers={"points": given, **signed})

    def answers_in_words(self, answers: Mapping[str, Any]) -> list[tuple[Any, str]]:
        said: list[tuple[Any, str]] = [
            (_(facts()[key].label), value)
            for key, value in answers.get("points", {}).items()
            if key in facts()
        ]
        return [
            *said,
            (_("Signed as"), answers.get("signature", "")),
            (_("Declared"), answers.get("declared", "")),
        ]

    def staff_form(self, answers: Mapping[str, Any], **sent: Any) -> forms.Form:
        return MarksForm(points=[key for key in answers.get("points", {}) if key in facts()], **sent)

    def worth(self, form: forms.Form, answers: Mapping[str, Any]) -> IdentityLevel:
        matched = {key for key, mark in form.cleaned_data.items() if mark == MarksForm.MATCHES}
        points = score(matched & set(answers.get("points", {})))
        if points >= MOST and answers.get("declared") and answers.get("signature"):
            return IdentityLevel.HIGH
        return IdentityLevel.REASONABLE if points >= FEWEST else IdentityLevel.NONE


METHOD = DataMatch()
