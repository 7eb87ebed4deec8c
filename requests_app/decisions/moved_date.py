"""Tell the person that the day of our answer has moved, and why: once for each move, whatever moved it."""

from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from requests_app.correspondence.links import portal_link
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.deadlines.explain import for_person
from requests_app.deadlines.result import Deadline
from requests_app.decisions.models import MovedDate
from requests_app.decisions.ways import regulator_of
from requests_app.jurisdictions.load import jurisdiction
from requests_app.letters.blocks import Block, Heading, bullets, paragraph
from requests_app.lifecycle.clock import response_deadline
from requests_app.lifecycle.models import SubjectRequest


def tell_of_moved_date(
    *,
    subject_request: SubjectRequest,
    before: date,
    after: date,
    cause: str,
    reason: str,
    at: datetime,
) -> MovedDate | None:
    """Keep the move for the person's page and write to them; nothing once no answer is owed any more.

    An extension counts only if the person is told of it with its reason (Art. 12(3) GDPR and its like).
    """
    if not subject_request.state_facts.clock_runs:
        return None
    moved = MovedDate.objects.create(
        subject_request=subject_request, before=before, after=after, cause=cause, reason=reason, at=at
    )
    counted = response_deadline(subject_request)
    context = {
        "portal_url": portal_link(),
        "moved": moved,
        "is_later": after > before,
        "why": for_person(counted),
    }
    write_message(
        Notice.DATE_MOVED,
        subject_request=subject_request,
        at=at,
        context=context,
        enclosed=_how_it_is_counted(subject_request, counted),
    )
    return moved


def _how_it_is_counted(subject_request: SubjectRequest, counted: Deadline) -> list[Block]:
    """What the letter says beyond the mail: every step with its source, and to whom one can complain."""
    with translation.override(subject_request.language):
        steps = [f"{step.sentence} ({step.cite})" if step.cite else step.sentence for step in counted.steps]
        blocks: list[Block] = [Heading(_("How this date is counted")), bullets(steps)]
        regulator = regulator_of(jurisdiction(subject_request.regime))
        if regulator:
            words = _("You can complain to the authority at any time: %(who)s.") % {"who": regulator}
            blocks += [Heading(_("If you do not agree")), paragraph(words)]
    return blocks
