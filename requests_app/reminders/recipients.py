"""Who of the staff is told: the assignee, the team where there is none or the date is near, the privacy lead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from requests_app.accounts.models import StaffMember
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import Turn
from requests_app.policy.reminding import Told
from requests_app.reminders.kinds import Level
from requests_app.roles import Permission, Role


@dataclass(frozen=True)
class Desk:
    """Everyone who can be told of a case: active, and with something to do there."""

    members: Sequence[StaffMember]

    @classmethod
    def now(cls) -> "Desk":
        """Read who works here at present."""
        active = (
            StaffMember.objects.filter(is_active=True).prefetch_related("groups").order_by("display_name")
        )
        return cls([each for each in active if _has_work(each)])

    def told(self, subject_request: SubjectRequest, levels: Iterable[Told]) -> dict[Level, list[StaffMember]]:
        """Return who is told at which level; nobody at two of them.

        A case that is given to nobody, or to somebody who has left, is the team's; where there is no team, the
        lead's.
        """
        wanted = set(levels)
        found: dict[Level, list[StaffMember]] = {}
        assignee = [each for each in self.members if each.pk == subject_request.assignee_id]
        if Told.ASSIGNEE in wanted and assignee:
            found[Level.ASSIGNEE] = assignee
        elif Told.ASSIGNEE in wanted:
            wanted.add(Told.TEAM)
        if Told.TEAM in wanted:
            found[Level.TEAM] = self.team_of(subject_request)
        if Told.LEAD in wanted or not any(found.values()):
            found[Level.LEAD] = self.leads
        return _each_once(found)

    def team_of(self, subject_request: SubjectRequest) -> list[StaffMember]:
        """Return who can move a case on: for approval somebody who did not prepare it, else whoever works cases."""
        return [each for each in self.members if can_move_on(each, subject_request)]

    @property
    def leads(self) -> list[StaffMember]:
        """The privacy leads."""
        return [each for each in self.members if Role.PRIVACY_LEAD in each.roles]


def can_move_on(member: StaffMember, subject_request: SubjectRequest) -> bool:
    """Whether it is a step of this person that the case waits for."""
    if subject_request.state_facts.turn is not Turn.APPROVER:
        return member.may(Permission.WORK_CASES)
    prepared = {subject_request.approved_by_id, subject_request.reviewed_by_id}
    return member.may(Permission.RELEASE) and member.pk not in prepared


def _has_work(member: StaffMember) -> bool:
    return member.may(Permission.WORK_CASES) or member.may(Permission.RELEASE)


def _each_once(found: dict[Level, list[StaffMember]]) -> dict[Level, list[StaffMember]]:
    seen: set[object] = set()
    once: dict[Level, list[StaffMember]] = {}
    for level, members in found.items():
        fresh = [each for each in members if each.pk not in seen]
        seen |= {each.pk for each in fresh}
        if fresh:
            once[level] = fresh
    return once
