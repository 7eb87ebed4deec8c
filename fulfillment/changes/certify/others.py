"""What a certificate of anything but a deletion says: what was decided of each part, and what each system did."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from fulfillment.changes.certificate import receipts_of
from fulfillment.changes.certify.carried_out import (
    looked_at_again,
    nothing_found,
    receipts,
    what_was_done,
    who_was_told,
)
from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.changes.read_backs.shown import told_looks
from fulfillment.recipients.selectors import told_of
from requests_app.decisions.parts import Part, told_parts
from requests_app.letters.blocks import Block, Heading, table
from requests_app.lifecycle.models import SubjectRequest


def change_facts(subject_request: SubjectRequest, tasks: list[ChangeTask]) -> tuple[Block, ...]:
    """The facts of a change that was carried out in the sources."""
    done = what_was_done(tasks)
    return (
        *_decided(told_parts(subject_request)),
        *(done or nothing_found()),
        *looked_at_again(told_looks(subject_request)),
        *receipts(receipts_of(subject_request)),
        *who_was_told(told_of(subject_request)),
    )


def is_whole(subject_request: SubjectRequest, tasks: Iterable[ChangeTask]) -> bool:
    """Whether everything asked for was granted, every system did it, and nothing was seen to speak against it."""
    return (
        all(task.state == ChangeState.DONE for task in tasks)
        and all(part.is_granted for part in told_parts(subject_request))
        and not any(look.agrees is False for look in told_looks(subject_request))
    )


def _decided(parts: Iterable[Part]) -> list[Block]:
    rows = [(part.label, part.decision, _why(part)) for part in parts]
    if not rows:
        return []
    headings = [_("Part"), _("Decision"), _("Why")]
    return [Heading(_("What was decided")), table(_("Each part of your request"), headings, rows)]


def _why(part: Part) -> str:
    ground = f"{part.ground} ({part.cite})" if part.cite else part.ground
    return " ".join(filter(None, (ground, part.words)))
