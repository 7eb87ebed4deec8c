"""What the staff say on the pages about who asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import AnyOf, OneOf, PlainForm
from requests_app.identity.base import Proves, methods
from requests_app.identity.facts import MOST, askable
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest


class RejectForm(PlainForm):
    """Why a proof does not count."""

    reason = forms.CharField(
        label=_("Why can it not be used?"),
        help_text=_("The person reads these words, and can try again."),
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": _("Say why, in a sentence")},
    )


class AskMoreForm(PlainForm):
    """Which proof, and the doubt behind it."""

    level = forms.TypedChoiceField(
        label=_("Which proof is needed?"),
        coerce=int,
        empty_value=None,
        widget=OneOf,
        error_messages={"required": _("Choose which proof is needed")},
    )
    reason = forms.CharField(
        label=_("What makes you doubt?"),
        help_text=_("The person reads these words. A doubt needs a reason: that everybody is asked is none."),
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": _("Say why, in a sentence")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject_request: SubjectRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (level.value, level.label) for level in IdentityLevel if level > subject_request.identity_level
        ]


class PointsForm(PlainForm):
    """The points that the person is asked."""

    points = forms.MultipleChoiceField(
        label=_("What to ask"),
        help_text=_(
            "Two points give the reasonable degree, three with the declaration the reasonably high one."
        ),
        choices=lambda: [(each.key, each.label) for each in askable()],
        widget=AnyOf,
        error_messages={"required": _("Choose two or three points")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"points": [each.key for each in askable()[:MOST]]})
        super().__init__(*args, **kwargs)


class ShownForm(PlainForm):
    """A paper that was shown by post or in person."""

    key = forms.ChoiceField(widget=forms.HiddenInput)
    shown = forms.CharField(
        label=_("What was shown, by whom and when?"),
        max_length=500,
        error_messages={"required": _("Say what was shown, by whom and when")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = [each.key for each in methods() if each.proves is Proves.STANDING]
        self.fields["key"].choices = [(key, key) for key in standing]  # type: ignore[attr-defined]
