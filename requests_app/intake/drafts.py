"""Keep the answers of an unsent form, turn them into a submission once, and forget them after a day."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from requests_app.errors import NotFound
from requests_app.intake.models import Draft
from requests_app.lifecycle.models import Submission

LIFE = timedelta(hours=24)


class DraftGone(NotFound):
    """There are no answers to send: none were given here, or a day has passed."""

    code = "draft_gone"

    def __init__(self) -> None:
        super().__init__("Your answers are no longer here: we erase them after a day. Please start again.")


def find_draft(*, draft_id: str | None, at: datetime) -> Draft | None:
    """The draft with this id while it lives, else None."""
    if not draft_id:
        return None
    return Draft.objects.filter(pk=UUID(draft_id), expires_at__gt=at).first()


def keep_answers(*, draft: Draft | None, question: str, answers: Mapping[str, Any], at: datetime) -> Draft:
    """Write the answers to one question down. A draft that was sent stays as it is: a new one begins."""
    with transaction.atomic():
        found = draft and Draft.objects.select_for_update().filter(pk=draft.pk, submission=None).first()
        kept = found or Draft(expires_at=at + LIFE)
        kept.answers = {**kept.answers, question: dict(answers)}
        kept.expires_at = at + LIFE
        kept.save()
    return kept


def send_draft(*, draft_id: UUID, submit: Callable[[Mapping[str, Any]], Submission]) -> Submission:
    """Submit the answers once, however often this is called, and erase them. Raises DraftGone.

    The second of two presses waits for the lock of the first, then finds what that one made.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
        if draft is None:
            raise DraftGone
        if draft.submission is None:
            draft.submission = submit(draft.answers)
            draft.answers = {}
            draft.save()
        return draft.submission


def forget_drafts(*, at: datetime) -> int:
    """Erase the drafts whose day is over. Returns how many."""
    return old_drafts(at=at).delete()[0]


def old_drafts(*, at: datetime) -> QuerySet[Draft]:
    """Those drafts."""
    return Draft.objects.filter(expires_at__lte=at)
