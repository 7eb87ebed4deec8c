"""The forms of the deciding pages: one group of fields per part of the request, checked together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from requests_app.components.forms import PlainForm
from requests_app.decisions.correction import ACCEPT, REJECT
from requests_app.lifecycle.conditions import grounds_for
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.particulars import TEXT_MAX, Correction, FieldToCorrect


def either(*choices: tuple[str, str | Promise]) -> forms.ChoiceField:
    """One of two, side by side; whether it must be chosen is for the form to say."""
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, required=False)


def words_field(label: Any, hint: Any = "", *, required: bool = False) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=TEXT_MAX, widget=forms.Textarea
    )


@dataclass(frozen=True)
class Group:
    """One part as the page draws it: what it is, its choice, and the fields below."""

    key: str
    label: str
    choice: BoundField
    fields: Sequence[BoundField]
    was: str = ""
    becomes: str = ""
    evidence: str = ""

    @property
    def drawn(self) -> list[tuple[str, BoundField]]:
        """Each field with the class that hides it while the choice makes it pointless."""
        hidden_when = {"ground": "when-refused", "change": "when-granted"}
        return [(hidden_when.get(field.name.partition("_")[0], ""), field) for field in self.fields]


class DecidingForm(PlainForm):
    """What every deciding page sends: the version the reader looked at, and whether it is only to be kept."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    later = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject_request: SubjectRequest, **kwargs: Any) -> None:
        self.subject_request = subject_request
        parts = self.part_fields()
        # Copied by Django for this form alone, and styled with the others.
        self.base_fields = {**type(self).base_fields, **parts}  # type: ignore[misc]
        said = {name: self.initial_of(name) for name in parts}
        kwargs["initial"] = said | {"version": subject_request.version} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def part_fields(self) -> dict[str, forms.Field]:
        """Return the fields that depend on the request."""
        return {}

    def initial_of(self, name: str) -> Any:
        """Return what stands in one of those fields at first."""
        return None

    @property
    def groups(self) -> list[Group]:
        """The parts in their order."""
        return []

    def ground_field(self, label: str) -> forms.ChoiceField:
        """The grounds that the law of the case gives, each with where it stands."""
        known = [(each.code, f"{each.words} ({each.cite})") for each in grounds_for(self.subject_request)]
        return forms.ChoiceField(
            label=_("Ground of the law, where it stays"),
            choices=[("", _("Choose a ground")), *known],
            required=False,
        )


class CorrectionForm(DecidingForm):
    """Accept or reject each field."""

    def part_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for number, _field in self._numbered:
            found[f"decision_{number}"] = either((ACCEPT, _("Correct it")), (REJECT, _("Leave it as it is")))
            found[f"ground_{number}"] = self.ground_field(_("Ground of the law, where it stays"))
            found[f"note_{number}"] = words_field(_("Why?"), _("The person reads these words."))
        return found

    def initial_of(self, name: str) -> Any:
        kind, _line, number = name.rpartition("_")
        return getattr(self._said[int(number) - 1], kind)

    @property
    def _said(self) -> Sequence[FieldToCorrect]:
        return Correction.of(self.subject_request).fields

    @property
    def _numbered(self) -> list[tuple[int, FieldToCorrect]]:
        return list(enumerate(self._said, start=1))

    @property
    def groups(self) -> list[Group]:
        return [
            Group(
                key=f"decision_{number}",
                label=each.field,
                choice=self[f"decision_{number}"],
                fields=[self[f"ground_{number}"], self[f"note_{number}"]],
                was=each.wrong,
                becomes=each.right,
                evidence=each.evidence,
            )
            for number, each in self._numbered
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for number, each in self._numbered:
            decision = answers.get(f"decision_{number}")
            if not decision and not answers.get("later"):
                self.add_error(f"decision_{number}", _("Decide about “%(field)s”.") % {"field": each.field})
            if decision == REJECT and not answers.get(f"ground_{number}"):
                ground = _("Choose the ground on which “%(field)s” stays.") % {"field": each.field}
                self.add_error(f"ground_{number}", ground)
            if decision == REJECT and not answers.get(f"note_{number}"):
                note = _("Say why “%(field)s” stays. The person reads it.") % {"field": each.field}
                self.add_error(f"note_{number}", note)
        return answers
