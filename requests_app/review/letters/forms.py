"""The words of a letter as they are written, and the language to look at."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm
from requests_app.letters.checking import BODY_MAX, SUBJECT_MAX, Words


class WordsForm(PlainForm):
    """Subject, text, and why they change; `edition` is the state of things that the writer saw."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=SUBJECT_MAX,
        help_text=_("The subject of the mail and the title of the letter."),
        error_messages={"required": _("Write a subject.")},
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=BODY_MAX,
        strip=True,
        widget=forms.Textarea(attrs={"class": "area-tall", "spellcheck": "true"}),
        help_text=_(
            "A blank line begins a paragraph, “- ” at the start of a line an item of a list, and two stars on each "
            "side make words **strong**. A paragraph whose fact has nothing to say is left out."
        ),
        error_messages={"required": _("Write a text.")},
    )
    why = forms.CharField(
        label=_("Why it changes (optional)"),
        max_length=300,
        required=False,
        help_text=_("For whoever reads the versions later."),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    widths: ClassVar[dict[str, str]] = {"subject": "w-l", "why": "w-l"}

    @property
    def words(self) -> Words:
        """What was written."""
        return Words(self.cleaned_data["subject"], self.cleaned_data["body"])


class EditionForm(forms.Form):
    """Which state of things was seen when a button was pressed."""

    edition = forms.IntegerField(min_value=0)
