"""What every weighed decision shares: who may write one down, when, and that nobody overwrites another's unseen."""

from collections.abc import Sequence
from uuid import UUID

from requests_app.audit.actors import Actor
from requests_app.decisions.allowed import require_case_worker
from requests_app.decisions.errors import NotBeingWeighed, WordsMissing
from requests_app.lifecycle.conditions import grounds_for
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked, require_unchanged
from requests_app.lifecycle.states import RequestState

REASON_MAX = 2000


def locked_for_weighing(
    subject_request_id: UUID, *, by: Actor, expected_version: int | None
) -> SubjectRequest:
    """Return the row under a lock, as the reader saw it.

    Raises RoleMayNotDecide, NotBeingWeighed, CaseChangedMeanwhile.
    """
    require_case_worker(by)
    subject_request = locked(subject_request_id)
    require_unchanged(subject_request, expected_version)
    if subject_request.state != RequestState.WEIGHING:
        now = RequestState(subject_request.state).label
        raise NotBeingWeighed(f"Decisions are made while a request is being weighed. This one is in “{now}”.")
    return subject_request


def keep(subject_request: SubjectRequest, *columns: str) -> SubjectRequest:
    """Save what was decided under a new version, so that whoever looks at the old page is told."""
    subject_request.version += 1
    subject_request.save(update_fields=[*columns, "version"])
    return subject_request


def require_ground(subject_request: SubjectRequest, code: str, *, about: str) -> None:
    """Refuse a ground that the law of the case does not give. Raises WordsMissing."""
    if code not in {each.code for each in grounds_for(subject_request)}:
        raise WordsMissing(f"{about}: choose a ground that the law of this case gives.")


def joined_reasons(reasons: Sequence[tuple[str, str]]) -> str:
    """Return the reasons of several parts as one text for the person, within what a request can keep."""
    text = "\n".join(f"{label}: {words}" for label, words in reasons)
    if len(text) <= REASON_MAX:
        return text
    return "\n".join(f"{label}: see your page." for label, _words in reasons)
