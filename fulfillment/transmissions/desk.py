"""What transmissions add to the staff's desk: a link while something waits, a tab of a case, the next step."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.transmissions.offered import RIGHT
from fulfillment.transmissions.selectors import for_a_person, open_transmissions
from requests_app.lifecycle.models import SubjectRequest
from requests_app.review.navigation import CaseTab, Hint, RailLink, add_hinter, add_link, add_tab
from requests_app.roles import Permission


def connect() -> None:
    """Register all of it; called once, at start-up."""
    add_link(
        RailLink(
            "sending",
            gettext_lazy("Other services"),
            "move",
            "sending:waiting",
            Permission.SEE_FINDINGS,
            count=lambda _member: for_a_person().count(),
            only_while_open=True,
        )
    )
    add_tab(
        CaseTab(
            "transmissions",
            gettext_lazy("Other services"),
            "sending:of_case",
            Permission.SEE_FINDINGS,
            48,
            open_transmissions,
        )
    )
    add_hinter(_next_step)


def _next_step(subject_request: SubjectRequest) -> Hint | None:
    if subject_request.right != RIGHT:
        return None
    found = for_a_person().filter(subject_request=subject_request).first()
    if found is None:
        return None
    return Hint(
        title=_("Next: the person named another service"),
        text=_("Their copy is to go there, or did not arrive. Look at it and decide."),
        label=_("Look at the service"),
        url=reverse("sending:one", args=[found.pk]),
    )
