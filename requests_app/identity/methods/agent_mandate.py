"""The person's word, and the paper, that an agent may ask for them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from requests_app.components.forms import PlainForm, TickField
from requests_app.identity.base import Material, Method, Proves
from requests_app.identity.signed import SignedForm, signed_or_seen
from requests_app.identity.uploads import checked_file
from requests_app.lifecycle.models import Asker, IdentityLevel, SubjectRequest


class MandateForm(SignedForm):
    """Signed by the person, from their own pages: the agent never sees them (11 CCR 7063)."""

    field_order = ("agreed", "signature", "file")
    agreed = TickField(
        label=gettext_lazy("I have asked this agent to make this request for me."),
        error_messages={"required": gettext_lazy("Tick this if it is so; if not, withdraw the request")},
    )
    file = forms.FileField(
        label=gettext_lazy("The permission that you signed (optional)"),
        help_text=gettext_lazy("A picture (JPEG or PNG) or a PDF, up to 8 MB."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )


class AcceptedForm(PlainForm):
    """What the staff looked at."""

    covers_it = TickField(
        label=gettext_lazy(
            "The permission names this agent, comes from this person, and covers this request."
        ),
        error_messages={"required": gettext_lazy("Look whether the permission covers the request")},
    )


class AgentMandate(Method):
    """Proof of authority; the person still proves who they are by their own channel."""

    key = "agent_mandate"
    label = gettext_lazy("Confirm that somebody may ask for you")
    hint = gettext_lazy("A request was made for you by an agent. Tell us that you want it.")
    may_cover = gettext_lazy(
        "In a paper you may cover everything but the names, the date and what is permitted."
    )
    reaches = IdentityLevel.NONE
    proves = Proves.STANDING
    position = 50

    def is_for(self, subject_request: SubjectRequest) -> bool:
        return subject_request.asked_by == Asker.AGENT

    def person_form(
        self, subject_request: SubjectRequest, asked: Mapping[str, Any], **sent: Any
    ) -> forms.Form:
        return MandateForm(**sent)

    def material(self, form: forms.Form) -> Material:
        file = form.cleaned_data.get("file")
        return Material(
            answers={"signature": form.cleaned_data["signature"], "agreed": True},
            file=checked_file(file) if file else None,
        )

    def answers_in_words(self, answers: Mapping[str, Any]) -> list[tuple[Any, str]]:
        return signed_or_seen(answers)

    def staff_form(self, answers: Mapping[str, Any], **sent: Any) -> forms.Form:
        return AcceptedForm(**sent)

    def worth(self, form: forms.Form, answers: Mapping[str, Any]) -> IdentityLevel:
        return IdentityLevel.NONE


METHOD = AgentMandate()
