"""The form that decides what becomes of a finding."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.findings.models import Decision, Finding
from requests_app.components.forms import PlainForm
from requests_app.jurisdictions.load import jurisdiction, right_code
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation


class DecisionForm(PlainForm):
    """Include, or withhold for a reason of the case's law."""

    decision = forms.ChoiceField(choices=Decision.choices, widget=forms.RadioSelect)
    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note for the case (optional)"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, subject_request: SubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose a reason")), *reasons_for(subject_request)]
        self.fields["reason_code"].choices = choices  # type: ignore[attr-defined]
        if right(subject_request.right).operation is Operation.ERASE:
            spoken = [(Decision.INCLUDE.value, _("Delete")), (Decision.WITHHOLD.value, _("Keep"))]
            self.fields["decision"].choices = spoken  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("decision") == Decision.WITHHOLD and not answers.get("reason_code"):
            self.add_error("reason_code", _("Choose a reason: the person is told why something is missing."))
        return answers


def reasons_for(subject_request: SubjectRequest) -> list[tuple[str, str]]:
    """Return the grounds that the law of a request knows, each with its words and where it stands."""
    law = jurisdiction(subject_request.regime)
    return [
        (each.code, f"{each.words or each.code} ({each.cite})" if each.cite else each.words or each.code)
        for each in law.refusals_for(right_code(subject_request.right))
    ]


def reason_in_words(subject_request: SubjectRequest, finding: Finding) -> str:
    """Return why a finding is withheld, in the words of the law's list."""
    return dict(reasons_for(subject_request)).get(finding.reason_code, finding.reason_code)
