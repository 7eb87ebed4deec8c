"""The forms that name what a request in plain words is about, and those of a restriction."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.components.forms import AnyOf, OneOf, Option
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.grounds import restriction_grounds_of
from requests_app.lifecycle.particulars import LINE_MAX, TEXT_MAX, Restriction
from requests_app.policy.company import COMPANY
from requests_app.review.weighing.forms import DecidingForm, words_field

NAMED_AT_ONCE = 3


class NameFieldsForm(DecidingForm):
    """Name the fields that the person means, where the request came in plain words."""

    def part_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for number in range(1, NAMED_AT_ONCE + 1):
            label = _("Field %(number)d") % {"number": number}
            found[f"field_{number}"] = forms.CharField(label=label, required=False, max_length=LINE_MAX)
            for name, words in (("wrong", _("What it says now")), ("right", _("What is right"))):
                found[f"{name}_{number}"] = forms.CharField(label=words, required=False, max_length=TEXT_MAX)
        return found

    @property
    def named(self) -> list[dict[str, str]]:
        """What was typed, without the empty lines."""
        numbers = range(1, NAMED_AT_ONCE + 1)
        rows = [
            {name: self.cleaned_data.get(f"{name}_{number}", "") for name in ("field", "wrong", "right")}
            for number in numbers
        ]
        return [row for row in rows if any(row.values())]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for number in range(1, NAMED_AT_ONCE + 1):
            given = [answers.get(f"{name}_{number}") for name in ("field", "wrong", "right")]
            if any(given) or number == 1:
                if not given[0]:
                    self.add_error(f"field_{number}", _("Name the field."))
                if not given[2]:
                    self.add_error(f"right_{number}", _("Write down what is right."))
        return answers


class NamePurposesForm(DecidingForm):
    """Name the purposes that the person objects to, where the objection came in plain words."""

    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Which uses does the person object to?"),
        choices=[(each.key, each.label) for each in COMPANY.purposes],
        widget=AnyOf,
        error_messages={"required": gettext_lazy("Choose at least one use.")},
    )


class RestrictionForm(DecidingForm):
    """On which ground of the law of the case, and what."""

    field_order = ("ground", "what", "reason")

    what = words_field(
        gettext_lazy("Which information?"),
        gettext_lazy("Whoever flags the records reads this. Empty, it is everything."),
    )
    reason = words_field(
        gettext_lazy("A word to the person (optional)"), gettext_lazy("The person reads these words.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        said = Restriction.of(kwargs["subject_request"])
        kwargs["initial"] = {"ground": said.ground, "what": said.what} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def part_fields(self) -> dict[str, forms.Field]:
        known = restriction_grounds_of(self.subject_request)
        law = jurisdiction(self.subject_request.regime).short_name
        ground = forms.ChoiceField(
            label=_("Which ground holds?"),
            choices=[(each.code, each.words) for each in known],
            widget=OneOf(beside={each.code: Option(hint=f"{law}, {each.cite}") for each in known}),
            error_messages={"required": _("Choose the ground that holds.")},
        )
        return {"ground": ground}


class LiftingForm(DecidingForm):
    """From which day, and why."""

    on = forms.DateField(
        label=gettext_lazy("On which day is it lifted?"),
        widget=forms.DateInput(attrs={"type": "date", "class": "w-m"}),
        error_messages={
            "required": gettext_lazy("Choose the day."),
            "invalid": gettext_lazy("Enter a day such as 2026-11-30."),
        },
    )
    reason = words_field(gettext_lazy("Why?"), gettext_lazy("The person reads these words."), required=True)
