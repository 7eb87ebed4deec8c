"""The form behind every move: a reason where one is wanted, and the version the reader looked at."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm
from requests_app.lifecycle.conditions import grounds_for
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move


class MoveForm(PlainForm):
    """What a confirm page sends."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why, in a sentence.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.ChoiceField(
        label=_("On which ground?"), help_text=_("The grounds that the law of this case gives.")
    )
    outcome = forms.ChoiceField(label=_("How does it end?"), choices=Outcome)
    # What a move takes besides the reason; the field has the name of the argument.
    takes: ClassVar[dict[Move, str]] = {
        Move.REFUSE: "code",
        Move.ANSWER: "outcome",
        Move.COMPLETE: "outcome",
    }
    told: ClassVar[frozenset[Move]] = frozenset(
        {
            Move.REFUSE,
            Move.ANSWER,
            Move.LET_STAND,
            Move.UPHOLD_APPEAL,
            Move.FORWARD,
            Move.JOIN,
            Move.ASK_PERSON,
            Move.ASK_MORE_PROOF,
            Move.ANNOUNCE_LIFTING,
            Move.KEEP_IN_FORCE,
        }
    )
    field_order = ("code", "outcome", "reason")

    def __init__(self, move: Move, *args: Any, subject_request: SubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = self.takes.get(move)
        for name in {"code", "outcome"} - {self.taken}:
            del self.fields[name]
        if self.taken == "code":
            self._choices(
                "code", [(each.code, f"{each.words} ({each.cite})") for each in grounds_for(subject_request)]
            )
        reason = self.fields["reason"]
        if FACTS[move].needs_reason:
            reason.required = True
            told = (
                _("The person reads these words.")
                if move in self.told
                else _("It stays in the record of the case.")
            )
            reason.help_text = told
        else:
            del self.fields["reason"]

    @property
    def given(self) -> dict[str, Any]:
        """What the move takes, once the form is valid."""
        return {self.taken: self.cleaned_data[self.taken]} if self.taken else {}

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose one")), *choices]
