"""What staff say of a change, and what they vouch for before a deletion."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.changes.end import Ending
from fulfillment.changes.instructions import Instructions
from fulfillment.changes.models import ChangeState
from requests_app.components.forms import PlainForm
from requests_app.identity.uploads import CheckedFile, FileRefused, checked_file


class EndingForm(PlainForm):
    """Done, or could not be done, and what there is to show for it."""

    widths: ClassVar[Mapping[str, str]] = {"records_changed": "w-s"}

    ending = forms.ChoiceField(
        label=gettext_lazy("How did it end?"),
        choices=[
            (ChangeState.DONE.value, gettext_lazy("Done")),
            (ChangeState.COULD_NOT.value, gettext_lazy("Could not")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it is done.")},
    )
    records_changed = forms.IntegerField(
        label=gettext_lazy("How many records were changed?"),
        help_text=gettext_lazy("Nought if there were none."),
        min_value=0,
        max_value=2_000_000_000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    recipients_told = forms.BooleanField(
        label=gettext_lazy("The recipients named above were told."), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Needed when it could not be done. It stays in the record of the case."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    receipt = forms.CharField(
        label=gettext_lazy("Receipt (optional)"),
        help_text=gettext_lazy(
            "What the system said: a job number, lines of its log. It is stored encrypted."
        ),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    file = forms.FileField(
        label=gettext_lazy("A file that shows it (optional)"),
        help_text=gettext_lazy("A picture (JPEG or PNG) or a PDF, up to 8 MB. It is stored encrypted."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
        allow_empty_file=True,
        required=False,
    )

    def __init__(self, instructions: Instructions, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not instructions.recipients:
            del self.fields["recipients_told"]

    def clean_file(self) -> CheckedFile | None:
        """Look at the file, if there is one: its name and declared type count for nothing."""
        upload = self.cleaned_data.get("file")
        if not upload:
            return None
        try:
            return checked_file(upload)
        except FileRefused as refused:
            raise forms.ValidationError(refused.sentence) from refused

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        ending = answers.get("ending")
        is_counted = answers.get("records_changed") is not None or "records_changed" in self.errors
        if ending == ChangeState.DONE and not is_counted:
            self.add_error("records_changed", _("Say how many records were changed; nought if none were."))
        if ending == ChangeState.COULD_NOT and not answers.get("note"):
            self.add_error("note", _("Say why it could not be done: the person is told."))
        return answers

    @property
    def said(self) -> Ending:
        """What was said, once the form is valid."""
        answers = self.cleaned_data
        return Ending(
            state=ChangeState(answers["ending"]),
            note=answers["note"],
            records_changed=answers["records_changed"] if answers["ending"] == ChangeState.DONE else None,
            recipients_told=answers.get("recipients_told", False),
            receipt=answers["receipt"],
            file=answers.get("file"),
        )


class ProposeForm(PlainForm):
    """What the preparer vouches for."""

    read = forms.BooleanField(
        label=gettext_lazy("I have read what goes and what stays, and why."),
        error_messages={"required": gettext_lazy("Read what goes and what stays, then tick the box.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ApproveForm(PlainForm):
    """What the second person vouches for; the reference is typed, so that no other request is meant."""

    widths: ClassVar[Mapping[str, str]] = {"typed": "mono"}

    read = forms.BooleanField(
        label=gettext_lazy("I have read what goes and what stays, and why."),
        error_messages={"required": gettext_lazy("Read what goes and what stays, then tick the first box.")},
    )
    identity_seen = forms.BooleanField(
        label=gettext_lazy("The identity is proven as far as this right needs."),
        error_messages={"required": gettext_lazy("Look at the identity, then tick the second box.")},
    )
    typed = forms.CharField(
        label=gettext_lazy("Type the reference to confirm"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Type the reference of this request.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, reference: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed"].help_text = reference


class CompleteForm(PlainForm):
    """Why a deletion ends although something is left; not asked for where nothing is."""

    reason = forms.CharField(
        label=gettext_lazy("Why does it end like this?"),
        help_text=gettext_lazy("The person reads these words in the certificate."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
