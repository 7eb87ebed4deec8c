"""The passphrase with which somebody wants their copy zipped."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import PlainForm

SHORTEST, LONGEST = 12, 100


class PassphraseForm(PlainForm):
    """One line, ours or the person's own."""

    passphrase = forms.CharField(
        label=_("Passphrase"),
        help_text=_("This one is new and good. You can type your own: at least 12 characters."),
        strip=True,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter a passphrase")},
    )

    def clean_passphrase(self) -> Any:
        """Long enough to be worth it, short enough for every program, and of signs that all programs read alike."""
        words: str = self.cleaned_data["passphrase"]
        if not SHORTEST <= len(words) <= LONGEST:
            raise forms.ValidationError(_("Use at least 12 characters and at most 100."))
        if not (words.isascii() and words.isprintable()):
            raise forms.ValidationError(
                _(
                    "Use letters from A to Z, figures and signs: programs read other letters in different ways."
                )
            )
        return words
