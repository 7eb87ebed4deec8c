"""The form behind every move: a reason where one is wanted, and the version the reader looked at."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm
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
    told: ClassVar[frozenset[Move]] = frozenset({Move.REFUSE})

    def __init__(self, move: Move, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
