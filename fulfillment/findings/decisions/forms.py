"""The forms of a decision: about one record, a value or words in it, and about every record by a rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.datamaps.datamap import Collection
from fulfillment.findings.decisions.models import Action, Kind, Rule, Scope, Test
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.forms import reasons_for
from requests_app.components.forms import PlainForm
from requests_app.lifecycle.models import SubjectRequest

WHY = gettext_lazy("Choose a reason: the person is told why something is missing.")


class _Reasoned(PlainForm):
    """What is left out has a reason of the law of the case."""

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

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("action") != Action.INCLUDE and not answers.get("reason_code"):
            self.add_error("reason_code", WHY)
        return answers


class ItemForm(_Reasoned):
    """One record, or one value in it, or the characters that were marked."""

    action = forms.ChoiceField(
        choices=Action.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what becomes of it.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Only these words (optional)"),
        help_text=gettext_lazy("As they stand in the value. Left empty, the whole value is meant."),
        max_length=500,
        required=False,
        strip=False,
    )
    line = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    place = forms.RegexField(r"[\dk.]{1,200}", widget=forms.HiddenInput, required=False)
    start = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    end = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    field_order = ("action", "words", "reason_code", "note", "line", "place", "start", "end")

    def __init__(self, subject_request: SubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(subject_request, *args, **kwargs)
        is_value = bool((self.data or self.initial).get("place"))
        left_out = Action.REDACT if is_value else Action.WITHHOLD
        spoken = [(each.value, each.label) for each in (left_out, Action.INCLUDE)]
        self.fields["action"].choices = spoken  # type: ignore[attr-defined]
        if not is_value:
            del self.fields["words"]


class RuleForm(_Reasoned):
    """What holds for every record of a collection, also for those that a later search brings."""

    rule = forms.ChoiceField(label=gettext_lazy("What the rule looks at"), choices=Rule.choices)
    action = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        choices=[(Action.REDACT.value, Action.REDACT.label), (Action.WITHHOLD.value, Action.WITHHOLD.label)],
    )
    field = forms.ChoiceField(label=gettext_lazy("Field"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What of other people (for the second choice)"),
        choices=[("", gettext_lazy("Whatever is found")), *Kind.choices],
        required=False,
    )
    test = forms.ChoiceField(
        label=gettext_lazy("The field … (for the last choice)"), choices=Test.choices, required=False
    )
    value = forms.CharField(
        label=gettext_lazy("Words"),
        help_text=gettext_lazy("What is looked for, where the rule is about words."),
        max_length=500,
        required=False,
    )
    field_order = ("rule", "action", "field", "kind", "test", "value", "reason_code", "note")

    def __init__(
        self, subject_request: SubjectRequest, collection: Collection, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(subject_request, *args, **kwargs)
        named = [(each.name, each.label) for each in collection.every_field() if not each.secret]
        self.fields["field"].choices = [("", _("Every field")), *named]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """The rule that was filled in; what it does not use is left out."""
        given, rule = self.cleaned_data, Rule(self.cleaned_data["rule"])
        is_about_words = rule in (Rule.WORDS, Rule.RECORDS)
        return Wanted(
            Scope.RULE,
            Action(given["action"]),
            reason_code=given["reason_code"],
            note=given["note"],
            rule=rule,
            field=given["field"],
            kind=Kind(given["kind"]) if given["kind"] and rule == Rule.OTHERS else None,
            test=Test(given["test"] or Test.CONTAINS) if rule == Rule.RECORDS else None,
            value=given["value"] if is_about_words else "",
        )
