"""Write the notices of a change that was carried out: one for each recipient, and a letter where one goes by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from fulfillment.recipients.identify import KnownAs, known_as
from fulfillment.recipients.letters import write_letter
from fulfillment.recipients.models import Recipient, RecipientLetter, RecipientNotice, Way
from fulfillment.recipients.places import Place, places_of
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.models import SubjectRequest

SYSTEM = Actor.system("fulfillment")
NOT_SET_UP = "Nobody has set up who that is, so a person tells them."
NOT_KNOWN = "What this recipient knows the person by cannot be said, so a person tells them."
NOT_TIED = (
    "The correction was made by hand, so nobody has said in which field of which system it stands. A person tells "
    "this recipient what concerns it."
)
TOLD_BY_A_PERSON = "A person of ours tells this recipient."


@dataclass(frozen=True)
class Corrected:
    """A field of a place that says something else now."""

    place: str
    label: str
    right: str = field(repr=False)


@dataclass(frozen=True)
class CarriedOut:
    """A change that was made: where, and for a correction what stands there now.

    `told` are keys of the policy whose recipients somebody has told already, with the day.
    """

    subject_request: SubjectRequest
    kind: str
    attempt: int
    places: Sequence[Place]
    corrected: Sequence[Corrected] = ()
    told: Mapping[str, date] = field(default_factory=dict)

    @property
    def is_correction(self) -> bool:
        """Whether a recipient needs to hear what is right."""
        return self.kind == "correct"


def write_notices(done: CarriedOut, *, at: datetime) -> list[RecipientLetter]:
    """Write what every recipient of these places is to be told, in the caller's transaction. Returns the letters."""
    letters: list[RecipientLetter] = []
    for key in dict.fromkeys(key for each in done.places for key in each.collection.recipients):
        concerned = [each for each in done.places if key in each.collection.recipients]
        known = Recipient.objects.filter(disclosed_as=key, enabled=True)
        reached = [(each, had) for each in known if (had := places_of(each, concerned))]
        if not reached:
            _note(done, key, None, concerned, NOT_SET_UP, at=at)
        for recipient, had in reached:
            letters += _tell(done, key, recipient, had, at=at)
    return letters


def _tell(
    done: CarriedOut, key: str, recipient: Recipient, had: Sequence[Place], *, at: datetime
) -> list[RecipientLetter]:
    known = known_as(recipient, done.subject_request, had)
    corrected = [each for each in done.corrected if each.place in {place.key for place in had}]
    why = ""
    if recipient.way == Way.BY_HAND:
        why = TOLD_BY_A_PERSON
    elif done.is_correction and not corrected:
        why = NOT_TIED
    elif known is None:
        why = NOT_KNOWN
    notice = _note(done, key, recipient, had, why, at=at)
    if notice is None or why or notice.told_on is not None:
        return []
    assert known is not None  # noqa: S101 - `why` says so otherwise
    notice.said_sealed = _said(known, corrected)
    notice.remind_at = at + timedelta(days=recipient.remind_after_days)
    notice.save(update_fields=["said_sealed", "remind_at"])
    return [write_letter(notice, at=at)]


def _note(
    done: CarriedOut, key: str, recipient: Recipient | None, had: Sequence[Place], why: str, *, at: datetime
) -> RecipientNotice | None:
    """The notice; None where the same was told before: a second attempt at what was left is no new change."""
    places = [each.key for each in had]
    before = RecipientNotice.objects.filter(
        subject_request=done.subject_request, disclosed_as=key, recipient=recipient
    )
    last = before.order_by("written_at", "attempt").last()
    if last is not None and last.kind == done.kind and set(places) <= {place for place, _ in last.places}:
        return None
    told_on = done.told.get(key)
    notice = RecipientNotice.objects.create(
        subject_request=done.subject_request,
        recipient=recipient,
        disclosed_as=key,
        kind=done.kind,
        attempt=done.attempt,
        places=[[each.key, each.label] for each in had],
        by_hand_because="" if told_on else why,
        told_on=told_on,
        written_at=at,
    )
    facts = {"recipient": recipient.key if recipient else key, "kind": done.kind}
    record(event="recipient.to_be_told", target=done.subject_request, by=SYSTEM, at=at, facts=facts)
    return notice


def _said(known: KnownAs, corrected: Sequence[Corrected]) -> dict[str, object]:
    return {
        "label": known.label,
        "kind": known.kind,
        "values": list(known.values),
        "corrected": [[each.label, each.right] for each in corrected],
    }
