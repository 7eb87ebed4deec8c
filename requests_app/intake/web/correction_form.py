"""What is wrong and what is right: up to ten pieces of information on one page, without any script."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.components.parts import Row
from requests_app.intake.web.questions import line, text
from requests_app.intake.web.right_forms import RightForm
from requests_app.lifecycle.particulars import FIELDS_MAX, LINE_MAX, TEXT_MAX

# The button that adds a row: its answer is drawn again with what was typed, one row longer.
ADD = "add"
PARTS = ("field", "wrong", "right", "evidence")


class CorrectionForm(RightForm):
    """A row for each piece of information; empty rows are left out."""

    title = gettext_lazy("What should we correct?")
    lead = gettext_lazy(
        "Tell us what is wrong and what is right. For several things, add one after the other."
    )
    rows_shown = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        adding = data is not None and ADD in data
        given = data if data is not None else kwargs.get("initial") or {}
        self.count = min(_shown(given) + adding, FIELDS_MAX)
        if adding:
            # Not checked yet: somebody who is still adding has not finished.
            kwargs["initial"], data = {name: given.get(name, "") for name in self.more_fields()}, None
        super().__init__(data, **kwargs)
        self.initial["rows_shown"] = self.count

    def more_fields(self) -> Mapping[str, forms.Field]:
        return {f"{part}_{row}": _field(part) for row in range(self.count) for part in PARTS}

    @property
    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """The rows as they are drawn: a heading, and its fields."""
        heading = _("Number %(number)d") if self.count > 1 else ""
        return [
            (heading and heading % {"number": row + 1}, [self[f"{part}_{row}"] for part in PARTS])
            for row in range(self.count)
        ]

    @property
    def may_add(self) -> bool:
        """Whether there is room for another row."""
        return self.count < FIELDS_MAX

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        filled = [row for row in range(self.count) if any(cleaned.get(f"{part}_{row}") for part in PARTS)]
        for row in filled or [0]:
            for part, sentence in (
                ("field", _("Say which information is wrong")),
                ("right", _("Enter what is right")),
            ):
                name = f"{part}_{row}"
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return {**cleaned, "rows_shown": self.count}

    def particulars(self) -> Mapping[str, object]:
        return {"fields": [{part: each[part] for part in PARTS} for each in self._filled()]}

    def rows(self, url: str) -> list[Row]:
        """One line of the check page for each piece of information."""
        change = _("what we should correct")
        return [
            Row(
                _("Correct: %(field)s") % each,
                [_("Wrong: %(wrong)s") % each] * bool(each["wrong"]) + [_("Right: %(right)s") % each],
                url,
                change,
            )
            for each in self._filled()
        ]

    def _filled(self) -> list[dict[str, str]]:
        rows = [
            {part: str(self.initial.get(f"{part}_{row}", "")) for part in PARTS} for row in range(self.count)
        ]
        return [each for each in rows if any(each.values())]


def _shown(given: Mapping[str, Any]) -> int:
    shown = str(given.get("rows_shown") or "1")
    return min(max(int(shown) if shown.isdecimal() and len(shown) < 3 else 1, 1), FIELDS_MAX)


def _field(part: str) -> forms.CharField:
    if part == "field":
        hint = gettext_lazy("For example “postal address” or “date of birth”.")
        return line(gettext_lazy("Which information is wrong?"), hint=hint, length=LINE_MAX)
    if part == "wrong":
        return line(gettext_lazy("What do we have? (optional)"), length=TEXT_MAX)
    if part == "right":
        return line(gettext_lazy("What is right?"), length=TEXT_MAX)
    hint = gettext_lazy("How we could see that it is right, in words. Send no papers now.")
    return text(gettext_lazy("What shows it? (optional)"), hint=hint, length=TEXT_MAX)
