"""What the page after sending shows, worked out from the stored requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from requests_app.components.masking import masked_address
from requests_app.components.parts import Progress, Step
from requests_app.deadlines import explain
from requests_app.identity.time_left import lapses_on
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.clock import response_deadline
from requests_app.lifecycle.known_rights import RIGHTS, right
from requests_app.lifecycle.models import Asker, SubjectRequest, Submission
from requests_app.lifecycle.particulars import Objection
from requests_app.lifecycle.states import RequestState


@dataclass(frozen=True)
class Part:
    """One request of a submission: what it asks for, its reference, and by when it is answered."""

    label: str
    reference: str
    due: date
    reason: str
    why: Sequence[str]


@dataclass(frozen=True)
class Receipt:
    """The facts of a submission that its sender keeps; the part answered first stands first."""

    parts: Sequence[Part]
    sent_at: str
    steps: Sequence[Step]
    awaits_confirmation: bool

    @property
    def first(self) -> Part:
        """The part whose answer comes first."""
        return self.parts[0]


def receipt_of(submission: Submission) -> Receipt:
    """The receipt of what was sent; it names the address only in part."""
    order = list(RIGHTS)
    asked = sorted(
        submission.subject_requests.all(),
        key=lambda each: (each.response_due_on, order.index(each.right), each.reference),
    )
    zone = ZoneInfo(jurisdiction(asked[0].regime).time_zone)
    local = submission.received_at.astimezone(zone)
    awaiting = [each for each in asked if each.state == RequestState.AWAITING_IDENTITY]
    return Receipt(
        parts=[_part(each) for each in asked],
        sent_at=_local_words(local),
        steps=[
            Step(_("Your request reached us"), Progress.DONE, when=local.date()),
            *_confirming(awaiting),
            *_going_on(asked, are_waiting=bool(awaiting)),
        ],
        awaits_confirmation=bool(awaiting),
    )


def label_of(subject_request: SubjectRequest) -> str:
    """What a request asks for, in the person's words."""
    known = right(subject_request.right)
    is_marketing = known.code == "objection" and Objection.of(subject_request).is_to_marketing_only
    return _("Stop marketing") if is_marketing else str(known.label)


def _part(subject_request: SubjectRequest) -> Part:
    found = response_deadline(subject_request)
    return Part(
        label=label_of(subject_request),
        reference=subject_request.reference,
        due=found.due,
        reason=explain.for_person(found),
        why=[step.sentence for step in found.steps],
    )


def _local_words(local: datetime) -> str:
    city = str(local.tzinfo).rpartition("/")[2].replace("_", " ")
    return _("%(day)s, %(time)s (%(zone)s time)") % {
        "day": explain.day_words(local.date()),
        "time": f"{local:%H:%M}",
        "zone": city,
    }


def _confirming(awaiting: Sequence[SubjectRequest]) -> list[Step]:
    if not awaiting:
        return []
    first = awaiting[0]
    said = {
        "address": masked_address(first.contact_address),
        "day": explain.day_words(lapses_on(first)),
    }
    if first.asked_by != Asker.AGENT:
        label = _("Confirm that it is you")
        told = _(
            "We have sent a message to %(address)s. Press the button behind its link, or enter its code."
        )
    else:
        label = _("The person confirms it")
        told = _("We have sent a message to %(address)s and ask there whether this request is wanted.")
    by = _("Please do so by %(day)s.") if first.asked_by != Asker.AGENT else _("We wait until %(day)s.")
    return [Step(label, Progress.NOW, text=f"{told} {by}" % said)]


def _going_on(asked: Sequence[SubjectRequest], *, are_waiting: bool) -> list[Step]:
    rights = {each.right for each in asked}
    nothing = _("Nothing is needed from you.")
    if all(each.state in {RequestState.EXECUTING, RequestState.COMPLETED} for each in asked):
        return [
            Step(_("We do what you ask"), Progress.NOW, text=nothing),
            Step(_("We write when it is done")),
        ]
    steps = [Step(_("We look, and check"), Progress.NEXT if are_waiting else Progress.NOW, text=nothing)]
    if rights & {"access", "portability"}:
        steps.append(Step(_("You get your copy"), text=_("We write when your copy is ready to download.")))
    if rights - {"access", "portability"}:
        told = _("We write what we have done, and if there is something we cannot do, why.")
        steps.append(Step(_("You get our answer"), text=told))
    return steps
