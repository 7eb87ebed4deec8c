"""What the page after sending shows, worked out from the stored request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from requests_app.components.masking import masked_address
from requests_app.components.parts import Progress, Step
from requests_app.deadlines import explain
from requests_app.identity.lapse import CONFIRM_WITHIN
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.clock import response_deadline
from requests_app.lifecycle.models import SubjectRequest, Submission
from requests_app.lifecycle.states import RequestState


@dataclass(frozen=True)
class Receipt:
    """The facts of a submission that its sender keeps."""

    reference: str
    sent_at: str
    due: date
    reason: str
    why: Sequence[str]
    steps: Sequence[Step]
    awaits_confirmation: bool


def receipt_of(submission: Submission) -> Receipt:
    """The receipt of what was sent; it names the address only in part."""
    subject_request = submission.subject_requests.get()
    zone = ZoneInfo(jurisdiction(subject_request.regime).time_zone)
    found = response_deadline(subject_request)
    awaits = subject_request.state == RequestState.AWAITING_IDENTITY
    return Receipt(
        reference=subject_request.reference,
        sent_at=_local_words(subject_request.received_at.astimezone(zone)),
        due=found.due,
        reason=explain.for_person(found),
        why=[step.sentence for step in found.steps],
        steps=_steps(subject_request, received_on=found.received_on, awaits=awaits),
        awaits_confirmation=awaits,
    )


def _local_words(local: datetime) -> str:
    city = str(local.tzinfo).rpartition("/")[2].replace("_", " ")
    return _("%(day)s, %(time)s (%(zone)s time)") % {
        "day": explain.day_words(local.date()),
        "time": f"{local:%H:%M}",
        "zone": city,
    }


def _steps(subject_request: SubjectRequest, *, received_on: date, awaits: bool) -> list[Step]:
    confirm_by = (subject_request.state_since + CONFIRM_WITHIN).date()
    told = _(
        "We have sent a message to %(address)s. Press the button behind its link, or enter its code."
    ) % {"address": masked_address(subject_request.subject_email)}
    told += " " + _("Please do so by %(day)s.") % {"day": explain.day_words(confirm_by)}
    confirm = Step(
        _("Confirm that it is you"), Progress.NOW if awaits else Progress.DONE, text=told if awaits else ""
    )
    return [
        Step(_("Your request reached us"), Progress.DONE, when=received_on),
        confirm,
        Step(_("We search and check"), text=_("Nothing is needed from you.")),
        Step(_("You get our answer"), text=_("We write when your copy is ready to download.")),
    ]
