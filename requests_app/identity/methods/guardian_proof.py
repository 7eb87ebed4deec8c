"""The paper that shows that somebody looks after a child."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from requests_app.components.forms import PlainForm, TickField
from requests_app.identity.base import Material, Method, Proves
from requests_app.identity.signed import SignedForm, signed_or_seen
from requests_app.identity.uploads import checked_file
from requests_app.lifecycle.models import Asker, IdentityLevel, SubjectRequest


class GuardianForm(SignedForm):
    """Signed by whoever asks for the child, with a paper."""

    field_order = ("is_guardian", "signature", "file")
    is_guardian = TickField(
        label=gettext_lazy("I am the parent or guardian of the child whom this request is about."),
        error_messages={"required": gettext_lazy("Tick this if it is so; if not, withdraw the request")},
    )
    file = forms.FileField(
        label=gettext_lazy("A paper that names you and the child"),
        help_text=gettext_lazy(
            "Such as a birth certificate or a court's decision. JPEG, PNG or PDF, up to 8 MB."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file")},
    )


class AcceptedForm(PlainForm):
    """What the staff looked at."""

    names_both = TickField(
        label=gettext_lazy("The paper names whoever asks and the child of this request."),
        error_messages={"required": gettext_lazy("Look whether the paper names both")},
    )
    is_this_child = TickField(
        label=gettext_lazy(
            "What we hold under the child's address is about this child, and of an age that needs a guardian."
        ),
        error_messages={"required": gettext_lazy("Look whether our record is about this child")},
    )


class GuardianProof(Method):
    """Standing of a parent or guardian: shown, looked at, and deleted at the decision.

    It is a document compared by a person as well, so whoever gives it has shown who they are.
    """

    key = "guardian_proof"
    label = gettext_lazy("Show that you look after the child")
    hint = gettext_lazy("A paper that names you both. A person looks at it; then it is deleted.")
    may_cover = gettext_lazy(
        "Cover everything but both names, the child's date of birth, and the date of the paper."
    )
    reaches = IdentityLevel.HIGH
    proves = Proves.STANDING
    position = 60
    days_kept = 14
    gone_at_decision = True

    def is_for(self, subject_request: SubjectRequest) -> bool:
        return subject_request.asked_by == Asker.GUARDIAN

    def person_form(
        self, subject_request: SubjectRequest, asked: Mapping[str, Any], **sent: Any
    ) -> forms.Form:
        return GuardianForm(**sent)

    def material(self, form: forms.Form) -> Material:
        return Material(
            answers={"signature": form.cleaned_data["signature"]},
            file=checked_file(form.cleaned_data["file"]),
        )

    def answers_in_words(self, answers: Mapping[str, Any]) -> list[tuple[Any, str]]:
        return signed_or_seen(answers)

    def staff_form(self, answers: Mapping[str, Any], **sent: Any) -> forms.Form:
        return AcceptedForm(**sent)

    def worth(self, form: forms.Form, answers: Mapping[str, Any]) -> IdentityLevel:
        return self.reaches


METHOD = GuardianProof()
