"""The Actor value: who makes a move, passed as an argument from the door downwards."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from requests_app.roles import Role

if TYPE_CHECKING:
    from requests_app.accounts.models import StaffMember


class ActorKind(StrEnum):
    """What sort of party acts."""

    STAFF = "staff"
    SUBJECT = "subject"
    API_CLIENT = "api_client"
    SYSTEM = "system"
    OWNER = "owner"


@dataclass(frozen=True)
class Actor:
    """Someone or something that acts. `key` identifies it in the audit log and holds no personal data."""

    kind: ActorKind
    key: str
    roles: frozenset[Role] = frozenset()

    @classmethod
    def staff(cls, member: "StaffMember") -> Self:
        """A signed-in member of staff, with the roles held now."""
        return cls(ActorKind.STAFF, str(member.pk), member.roles)

    @classmethod
    def subject(cls, reference: str) -> Self:
        """The person a request is about, known to us by that request."""
        return cls(ActorKind.SUBJECT, reference)

    @classmethod
    def owner(cls, task_key: str) -> Self:
        """Whoever answers for a source and has no account, known to us by the task they were given."""
        return cls(ActorKind.OWNER, task_key)

    @classmethod
    def system(cls, part: str) -> Self:
        """A part of the product that acts by itself, such as "fulfillment"."""
        return cls(ActorKind.SYSTEM, part)

    def has_any(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def staff_id(self) -> str | None:
        """The key of the member of staff, or None for anyone else."""
        return self.key if self.kind is ActorKind.STAFF else None
