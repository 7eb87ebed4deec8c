"""Which fields of a source a correction means, and why and how long changes are held back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.stored import Pick
from requests_app.components.forms import PlainForm
from requests_app.components.hold_fields import LastDayField, LookAgainField

GO_ON = gettext_lazy("Once it is over the changes go on by themselves.")


class HoldForm(PlainForm):
    """Why nothing more is to be changed, and until when."""

    why = forms.CharField(
        label=gettext_lazy("Why is nothing more to be changed?"),
        help_text=gettext_lazy("A dispute in court, an order to keep. What was done already stays done."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why nothing more is to be changed.")},
    )
    until = LastDayField(GO_ON)
    look_again_on = LookAgainField()


class LastDayForm(PlainForm):
    """Another last day for a hold that stands."""

    until = LastDayField(GO_ON)
    look_again_on = LookAgainField()


class FieldsForm(PlainForm):
    """One choice for each accepted correction: a field of the map, with what the search suggests picked already."""

    def __init__(self, row: SourceChange, *args: Any, **kwargs: Any) -> None:
        self._row = row
        self._said = row.change.instructions.fields
        super().__init__(*args, **kwargs)

    def more_fields(self) -> Mapping[str, forms.Field]:
        """A choice for each correction; by coming this way they get the looks of every field."""
        found: dict[str, forms.Field] = {}
        for number, each in enumerate(self._said):
            suggested = self._row.suggestions.get(number, ())
            found[f"field_{number}"] = forms.ChoiceField(
                label=each.field,
                help_text=self._found(number),
                choices=self._choices(),
                initial=f"{suggested[0].collection}/{suggested[0].name}" if suggested else "",
                required=False,
            )
        return found

    @property
    def picked(self) -> tuple[Pick, ...]:
        """What was picked, once the form is valid."""
        found = []
        for number, each in enumerate(self._said):
            collection, _slash, name = self.cleaned_data[f"field_{number}"].partition("/")
            if name:
                found.append(Pick(number, collection, name, each.wrong, each.right))
        return tuple(found)

    @property
    def left(self) -> tuple[int, ...]:
        """The corrections for which no field was picked."""
        picked = {each.number for each in self.picked}
        return tuple(number for number in range(len(self._said)) if number not in picked)

    def _choices(self) -> list[tuple[str, Any]]:
        concerned = {each.name for each in self._row.change.instructions.collections}
        groups = [
            (
                collection.label,
                [(f"{collection.name}/{field.name}", field.label) for field in collection.returned_fields],
            )
            for collection in self._row.map_version.data_map.collections
            if collection.name in concerned
        ]
        return [("", _("None: somebody does it by hand")), *groups]

    def _found(self, number: int) -> str:
        rows = sum(each.rows for each in self._row.suggestions.get(number, ()))
        if not rows:
            return _("No record says so word for word.")
        return ngettext("%(rows)d record says so.", "%(rows)d records say so.", rows) % {"rows": rows}
