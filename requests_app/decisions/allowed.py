"""Who may make the decisions of this folder."""

from requests_app.audit.actors import Actor, ActorKind
from requests_app.decisions.errors import RoleMayNotDecide
from requests_app.lifecycle.errors import ReasonMissing
from requests_app.lifecycle.models import SubjectRequest
from requests_app.roles import Permission, permissions_of, roles_with


def require_case_worker(by: Actor) -> None:
    """Refuse anyone but staff who work cases. Raises RoleMayNotDecide."""
    if by.kind is ActorKind.STAFF and Permission.WORK_CASES in permissions_of(by.roles):
        return
    holders = ", ".join(sorted(str(role.label) for role in roles_with(Permission.WORK_CASES)))
    raise RoleMayNotDecide(f"Your role does not allow this. It is for: {holders}.")


def require_reason(reason: str) -> str:
    """Return the reason without its margins. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing("Say why, in a sentence.")
    return reason.strip()


def count_version(subject_request: SubjectRequest) -> None:
    """Let everyone who has the case open see that it changed."""
    subject_request.version += 1
    SubjectRequest.objects.filter(pk=subject_request.pk).update(version=subject_request.version)
