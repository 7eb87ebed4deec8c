"""A document of identity, compared by a person: the last resort, gone at the decision."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.components.forms import PlainForm, TickField
from requests_app.identity.base import Material, Method
from requests_app.identity.uploads import checked_file
from requests_app.lifecycle.models import Asker, IdentityLevel, SubjectRequest


class DocumentForm(PlainForm):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("Your document"),
        help_text=gettext_lazy("A picture (JPEG or PNG) or a PDF, up to 8 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file")},
    )


class ComparedForm(PlainForm):
    """The two things that are compared: a picture of some document is not a proof by itself."""

    name_matches = TickField(
        label=gettext_lazy("The name in the document is the name in our records."),
        error_messages={"required": gettext_lazy("Compare the name")},
    )
    other_matches = TickField(
        label=gettext_lazy(
            "One more point of the document matches what we already hold, such as the date of birth."
        ),
        error_messages={"required": gettext_lazy("Compare one more point with what we hold")},
    )
    is_sound = TickField(
        label=gettext_lazy("The document is whole, valid and shows no sign of a change."),
        error_messages={"required": gettext_lazy("Look whether the document is sound")},
    )


class Document(Method):
    """Asked for only where nothing else can be had; what is not needed may be covered (EDPB Guidelines 01/2022)."""

    key = "document"
    label = gettext_lazy("Show an identity document")
    hint = gettext_lazy("Only if no other way works for you. A person looks at it; then it is deleted.")
    may_cover = gettext_lazy(
        "Cover everything but your name, your date of birth and until when the document is valid: the photograph, the "
        "number, the signature and the machine-readable lines are not needed."
    )
    reaches = IdentityLevel.HIGH
    position = 40
    days_kept = 14
    gone_at_decision = True

    def is_for(self, subject_request: SubjectRequest) -> bool:
        return subject_request.asked_by != Asker.GUARDIAN

    def person_form(
        self, subject_request: SubjectRequest, asked: Mapping[str, Any], **sent: Any
    ) -> forms.Form:
        return DocumentForm(**sent)

    def material(self, form: forms.Form) -> Material:
        return Material(file=checked_file(form.cleaned_data["file"]))

    def staff_form(self, answers: Mapping[str, Any], **sent: Any) -> forms.Form:
        return ComparedForm(**sent)

    def worth(self, form: forms.Form, answers: Mapping[str, Any]) -> IdentityLevel:
        return (
            self.reaches if all(form.cleaned_data.get(name) for name in form.fields) else IdentityLevel.NONE
        )

    def answers_in_words(self, answers: Mapping[str, Any]) -> list[tuple[Any, str]]:
        return [(_("Document"), _("Shown below"))]


METHOD = Document()
