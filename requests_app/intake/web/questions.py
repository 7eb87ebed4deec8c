"""What every page of the public form is made of."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm
from requests_app.components.parts import Row

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Answers = Mapping[str, Mapping[str, Any]]
TOO_LONG = _("Shorten this to %(limit_value)d characters; it has %(show_value)d")


class QuestionForm(PlainForm):
    """A page of the form; `answers` holds what the pages before it were given, `on` is the day of asking.

    `title` and `lead` stand above a page of several fields; `summary` is what the check page calls each field.
    """

    title: ClassVar[str | Promise] = ""
    lead: ClassVar[str | Promise] = ""
    summary: ClassVar[Mapping[str, str | Promise]] = {}

    def __init__(self, *args: Any, answers: Answers, on: date, **kwargs: Any) -> None:
        self.answers, self.on = answers, on
        super().__init__(*args, **kwargs)

    @property
    def about_whom(self) -> str:
        """Who the request is about: me, child or agent."""
        return str(self.answers.get("who", {}).get("who", "me"))

    def rows(self, url: str) -> list[Row]:
        """Return the lines of the check page, with the way back to this page."""
        given = self.initial
        return [
            Row(str(label), self._words(name, given.get(name)), url, str(label).lower())
            for name, label in self.summary.items()
            if name in self.fields
        ]

    def _words(self, name: str, value: Any) -> Sequence[str]:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            return [str(value or "")]
        chosen = value if isinstance(value, list) else [value]
        labels: dict[Any, Any] = dict(cast("list[tuple[Any, Any]]", list(cast("Any", field.choices))))
        return [str(labels[key]) for key in chosen if key and key in labels] or [""]


def line(
    label: "StrOrPromise", *, required: "StrOrPromise" = "", hint: "StrOrPromise" = "", length: int
) -> forms.CharField:
    """A box of one line; `required` is the sentence for an empty one, none makes it optional."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(required),
        max_length=length,
        error_messages={"required": required, "max_length": TOO_LONG},
    )


def text(
    label: "StrOrPromise", *, required: "StrOrPromise" = "", hint: "StrOrPromise" = "", length: int
) -> forms.CharField:
    """A box for words."""
    field = line(label, required=required, hint=hint, length=length)
    field.widget = forms.Textarea()
    return field


def address(
    label: "StrOrPromise", *, required: "StrOrPromise", hint: "StrOrPromise" = ""
) -> forms.EmailField:
    """A box for a mail address."""
    return forms.EmailField(
        label=label,
        help_text=hint,
        max_length=254,
        required=bool(required),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": required,
            "invalid": _("Enter a mail address in the form name@example.com"),
            "max_length": _("Enter a mail address of at most %(limit_value)d characters"),
        },
    )
