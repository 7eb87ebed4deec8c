"""What recipients add to the staff's desk: a link in the rail, a tab of a case, words for the history."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from fulfillment.recipients.endings import Ending
from fulfillment.recipients.models import Recipient, RecipientNotice
from fulfillment.recipients.selectors import open_notices
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY
from requests_app.review.history import speak_of
from requests_app.review.navigation import CaseTab, RailLink, add_link, add_tab
from requests_app.roles import Permission


def connect() -> None:
    """Register all of it; called once, at start-up."""
    add_link(
        RailLink(
            "recipients",
            gettext_lazy("Recipients"),
            "mail",
            "recipients:recipients",
            Permission.SEE_SOURCES,
            gettext_lazy("Systems"),
        )
    )
    add_tab(
        CaseTab(
            "recipients",
            gettext_lazy("Recipients"),
            "recipients:notices",
            Permission.SEE_CASES,
            47,
            _open_of,
        )
    )
    speak_of("recipient", _labels)
    speak_of("ending", lambda _keys: {str(value): str(label) for value, label in Ending.choices})


def _open_of(subject_request: SubjectRequest) -> int | None:
    asked = RecipientNotice.objects.filter(subject_request=subject_request).exists()
    return open_notices(subject_request) if asked else None


def _labels(keys: set[str]) -> Mapping[str, str]:
    policy = {each.key: each.label for each in COMPANY.recipients}
    return {**policy, **dict(Recipient.objects.filter(key__in=keys).values_list("key", "label"))}
