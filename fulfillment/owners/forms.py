"""What an owner fills in, and whom staff ask instead."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.connectors.asking import Held
from fulfillment.datamaps.datamap import DataMap
from fulfillment.owners.papers import checked_paper
from requests_app.components.forms import OneOf, PlainForm
from requests_app.identity.uploads import LARGEST, CheckedFile, FileRefused


class OwnerCodeForm(PlainForm):
    """The code of our last mail."""

    widths: ClassVar[Mapping[str, str]] = {"code": "w-m mono"}

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Eight letters and digits, from the mail that we have just sent you."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "characters"}
        ),
        error_messages={"required": gettext_lazy("Enter the code from our mail.")},
    )


class RecordsForm(PlainForm):
    """A file with records of one kind."""

    collection = forms.ChoiceField(label=gettext_lazy("What is in the file?"))
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("CSV (UTF-8), JSON or JSON lines, up to 8 MB. Only rows about this person."),
        widget=forms.FileInput(attrs={"accept": ".csv,.json,.jsonl,text/csv,application/json"}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def __init__(self, data_map: DataMap, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="records_%s", **kwargs)
        self.kinds = [each for each in data_map.collections if not each.documents]
        self.fields["collection"].choices = [(each.name, each.label) for each in self.kinds]  # type: ignore[attr-defined]

    def clean_file(self) -> bytes:
        """The content; what it holds is checked against the map."""
        upload = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST:
            raise forms.ValidationError(_("The file is larger than 8 MB. Hand it in in parts."))
        content: bytes = upload.read()
        return content


class PaperForm(PlainForm):
    """One document, and what it is."""

    collection = forms.ChoiceField(label=gettext_lazy("What kind of document is it?"))
    label = forms.CharField(
        label=gettext_lazy("What is it?"),
        help_text=gettext_lazy("A few words that the person understands, such as “Contract of May 2017”."),
        max_length=200,
        error_messages={"required": gettext_lazy("Say what the document is: the person reads these words.")},
    )
    paper = forms.FileField(
        label=gettext_lazy("The document"),
        help_text=gettext_lazy("A PDF, a picture (JPEG or PNG) or plain text, up to 8 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,text/plain"}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a document.")},
    )

    def __init__(self, data_map: DataMap, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="paper_%s", **kwargs)
        self.kinds = [each for each in data_map.collections if each.documents]
        self.fields["collection"].choices = [(each.name, each.label) for each in self.kinds]  # type: ignore[attr-defined]

    def clean_paper(self) -> CheckedFile:
        """Look at the document: its name and declared type count for nothing."""
        try:
            return checked_paper(self.cleaned_data["paper"])
        except FileRefused as refused:
            raise forms.ValidationError(refused.sentence) from refused


class AnswerForm(PlainForm):
    """How the task ends."""

    held = forms.ChoiceField(
        label=gettext_lazy("What is your answer?"),
        choices=[
            (Held.FOUND.value, gettext_lazy("This is all that is held: what I have handed in above")),
            (Held.NOTHING.value, gettext_lazy("Nothing is held about this person")),
            (Held.CANNOT.value, gettext_lazy("I cannot answer this")),
        ],
        widget=OneOf(),
        error_messages={"required": gettext_lazy("Choose your answer.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Where you looked; or why you cannot answer. The privacy team reads it."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReassignForm(PlainForm):
    """Who is asked instead."""

    name = forms.CharField(
        label=gettext_lazy("Who is asked instead?"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say who is asked.")},
    )
    address = forms.EmailField(
        label=gettext_lazy("Their mail address"),
        help_text=gettext_lazy(
            "The link goes there. Whoever was asked before cannot open the task any more."
        ),
        error_messages={"required": gettext_lazy("Say where they are written to.")},
    )
