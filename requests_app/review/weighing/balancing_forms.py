"""The forms of balancing an objection and of reviewing a machine's decision: both sides, the verdict, and why."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.lifecycle.particulars import MARKETING, Objection
from requests_app.lifecycle.weighed import Verdict
from requests_app.policy.company import COMPANY
from requests_app.review.weighing.forms import DecidingForm, Group, either, words_field

SIDES = (
    (
        "our_side",
        gettext_lazy("Our grounds for this use"),
        gettext_lazy("It stays in the record of the case."),
    ),
    (
        "their_side",
        gettext_lazy("What speaks against it in this person's situation"),
        gettext_lazy("It stays in the record of the case."),
    ),
    (
        "conclusion",
        gettext_lazy("Why one side weighs more"),
        gettext_lazy("The person reads these words."),
    ),
)


class BalancingForm(DecidingForm):
    """Weigh each purpose that the person objects to; marketing needs no weighing."""

    def part_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for purpose in self._purposes:
            for name, label, hint in SIDES:
                found[f"{name}_{purpose}"] = words_field(label, hint)
            stop, go_on = (Verdict.FOR_PERSON, _("Stop this use")), (Verdict.FOR_US, _("Go on with this use"))
            found[f"verdict_{purpose}"] = either(stop, go_on)
            found[f"ground_{purpose}"] = self.ground_field(_("Ground of the law, where the use goes on"))
        return found

    def initial_of(self, name: str) -> Any:
        purpose = next(each for each in self._purposes if name.endswith(f"_{each}"))
        row = self.subject_request.weighed.filter(item=purpose).first()
        return getattr(row, name.removesuffix(f"_{purpose}")) if row else None

    @property
    def _purposes(self) -> list[str]:
        return [each for each in Objection.of(self.subject_request).purposes if each != MARKETING]

    @property
    def groups(self) -> list[Group]:
        return [
            Group(
                key=f"verdict_{each}",
                label=COMPANY.purpose(each).label,
                choice=self[f"verdict_{each}"],
                fields=[self[f"{name}_{each}"] for name, *_words in SIDES] + [self[f"ground_{each}"]],
            )
            for each in self._purposes
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for each in self._purposes:
            words = [name for name, *_words in SIDES if answers.get(f"{name}_{each}")]
            if answers.get("later") and not words and not answers.get(f"verdict_{each}"):
                continue
            self._require_all(each, words, answers)
        return answers

    def _require_all(self, purpose: str, words: Sequence[str], answers: dict[str, Any]) -> None:
        label = {"purpose": COMPANY.purpose(purpose).label}
        verdict = answers.get(f"verdict_{purpose}")
        if not verdict:
            self.add_error(f"verdict_{purpose}", _("Decide about “%(purpose)s”.") % label)
        for name, *_words in SIDES:
            if name not in words:
                self.add_error(f"{name}_{purpose}", _("Write this down for “%(purpose)s”.") % label)
        if verdict == Verdict.FOR_US and not answers.get(f"ground_{purpose}"):
            ground = _("Choose the ground on which “%(purpose)s” goes on.") % label
            self.add_error(f"ground_{purpose}", ground)


class ReviewForm(DecidingForm):
    """A person looks at what a machine decided."""

    our_side = words_field(
        gettext_lazy("What was decided, and on what"),
        gettext_lazy("It stays in the record of the case."),
        required=True,
    )
    their_side = words_field(
        gettext_lazy("What the person says to it, and what you make of it"),
        gettext_lazy("It stays in the record of the case."),
        required=True,
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("What becomes of the decision?"),
        choices=[
            (Verdict.FOR_PERSON, gettext_lazy("It changes")),
            (Verdict.FOR_US, gettext_lazy("It stands")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the decision changes or stands.")},
    )
    change = words_field(
        gettext_lazy("What changes?"),
        gettext_lazy("Where it changes. Somebody carries this out."),
    )
    conclusion = words_field(
        gettext_lazy("Why?"), gettext_lazy("The person reads these words."), required=True
    )

    @property
    def groups(self) -> list[Group]:
        below = [self["change"], self["conclusion"]]
        return [
            Group(
                "verdict", _("The decision"), self["verdict"], [self["our_side"], self["their_side"], *below]
            )
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("verdict") == Verdict.FOR_PERSON and not answers.get("change"):
            self.add_error("change", _("Write down what changes: somebody carries it out."))
        return answers
