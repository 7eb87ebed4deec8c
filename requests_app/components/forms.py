"""The form that every page builds on: server-side checks, the classes of the design, choices with hints."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CLASS_OF_WIDGET: dict[type[forms.Widget], str] = {
    forms.Select: "select",
    forms.Textarea: "area",
    forms.TextInput: "input",
    forms.EmailInput: "input",
    forms.NumberInput: "input",
    forms.PasswordInput: "input",
    forms.DateInput: "input",
    forms.FileInput: "input",
}


class PlainForm(forms.Form):
    """A form checked on the server alone, drawn by `templates/django/forms/`.

    `widths` gives the boxes whose size hints at the answer: {"phone": "w-m"}.
    """

    template_name = "django/forms/plain.html"
    use_required_attribute = False
    widths: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields.update(self.more_fields())
        for name, field in self.fields.items():
            # The browser must not cut an answer silently: length is checked on the server, with a sentence.
            for attribute in ("maxlength", "minlength", "cols", "rows"):
                field.widget.attrs.pop(attribute, None)
            field.validators = [_with_our_words(validator) for validator in field.validators]
            design = CLASS_OF_WIDGET.get(type(field.widget), "")
            classes = (field.widget.attrs.get("class", ""), design, self.widths.get(name, ""))
            if joined := " ".join(filter(None, classes)):
                field.widget.attrs["class"] = joined

    def more_fields(self) -> Mapping[str, forms.Field]:
        """Return the fields that this one form has beside the declared ones, such as rows that were added."""
        return {}


def _with_our_words(validator: Any) -> Any:
    if isinstance(validator, ProhibitNullCharactersValidator):
        sentence = _("This answer holds a character that cannot be stored. Please type it again.")
        return ProhibitNullCharactersValidator(message=sentence)
    return validator


@dataclass(frozen=True)
class Option:
    """What stands beside one choice: a hint in the small line, an icon, "or" before the odd one out."""

    hint: str | Promise = ""
    icon: str = ""
    after_or: bool = False


class _OptionsBeside:
    """Adds to each choice what stands beside it."""

    beside: Mapping[str, Option]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        drawn: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        drawn["beside"] = self.beside.get(str(value), Option())
        # A choice describes itself by its own hint; the hint of the whole group belongs to the fieldset.
        drawn["attrs"].pop("aria-describedby", None)
        return drawn


class OneOf(_OptionsBeside, forms.RadioSelect):
    """One of several, as a joined list of whole-row labels."""

    template_name = "django/forms/widgets/choices.html"

    def __init__(
        self, beside: Mapping[str, Option] | None = None, attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs)
        self.beside = beside or {}


class AnyOf(_OptionsBeside, forms.CheckboxSelectMultiple):
    """Any of several, as a joined list of whole-row labels."""

    template_name = "django/forms/widgets/choices.html"

    def __init__(
        self, beside: Mapping[str, Option] | None = None, attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs)
        self.beside = beside or {}


class TickField(forms.BooleanField):
    """One statement to tick, as a whole-row label."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, template_name="django/forms/tick.html", **kwargs)
