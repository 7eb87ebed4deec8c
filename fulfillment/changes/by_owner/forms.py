"""What an owner says of a change: each item ticked, or why it could not be done."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.changes.forms import EndingForm
from fulfillment.changes.instructions import Instructions
from fulfillment.changes.models import ChangeState
from requests_app.components.forms import AnyOf, OneOf


class OwnerEndingForm(EndingForm):
    """The same that staff say, and every item of the instruction ticked."""

    ending = forms.ChoiceField(
        label=gettext_lazy("How did it end?"),
        choices=[
            (ChangeState.DONE.value, gettext_lazy("It is done")),
            (ChangeState.COULD_NOT.value, gettext_lazy("It could not be done")),
        ],
        widget=OneOf(),
        error_messages={"required": gettext_lazy("Say whether it is done.")},
    )

    def __init__(self, instructions: Instructions, *args: Any, **kwargs: Any) -> None:
        super().__init__(instructions, *args, **kwargs)
        # Those who had the data from us are told by us, not by whoever looks after one source.
        self.fields.pop("recipients_told", None)
        items = [(each.name, each.label) for each in instructions.collections]
        items += [(f"field-{number}", each.field) for number, each in enumerate(instructions.fields)]
        self._item_count = len(items)
        if items:
            ticks = forms.MultipleChoiceField(
                label=gettext_lazy("What you have done"), choices=items, widget=AnyOf(), required=False
            )
            self.fields = {"items": ticks, **self.fields}

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if answers.get("ending") == ChangeState.DONE and len(answers.get("items", ())) < self._item_count:
            self.add_error("items", _("Tick each item that is done, or say that it could not be done."))
        return answers
