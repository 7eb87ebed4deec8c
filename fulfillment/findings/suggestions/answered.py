"""What became of the other people who were suggested, for whoever lets the copy go."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from fulfillment.findings.decisions.models import LeftBecause
from fulfillment.findings.suggestions.duty import is_copied, that_go_out
from fulfillment.findings.suggestions.models import Answer, Suggestion
from requests_app.lifecycle.models import SubjectRequest


@dataclass
class OthersInCollection:
    """One collection of the copy: how many suggestions were covered, and how many go out as they are, and why."""

    finding_id: UUID
    label: str
    covered: int = 0
    left_because: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """How many go out as they stand."""
        return sum(self.left_because.values())


@dataclass(frozen=True)
class OthersAnswered:
    """The same for the whole copy: collections in which anything was suggested."""

    collections: tuple[OthersInCollection, ...]

    @property
    def covered(self) -> int:
        """How many were covered, or stay out with their record."""
        return sum(each.covered for each in self.collections)

    @property
    def left(self) -> int:
        """How many go out as they stand."""
        return sum(each.left for each in self.collections)


def others_answered(subject_request: SubjectRequest) -> OthersAnswered | None:
    """What was answered about other people in what goes out; None where the answer is no copy of records."""
    if not is_copied(subject_request):
        return None
    counted = {
        each.finding.pk: OthersInCollection(
            each.finding.pk, f"{each.finding.task.source.label}: {each.collection.label}"
        )
        for each in that_go_out(subject_request)
    }
    answers = Suggestion.objects.filter(finding__in=counted).exclude(state=Answer.OPEN).order_by("finding")
    for each in answers.values("finding", "state", "decision__reason_code").annotate(count=Count("pk")):
        here, count = counted[each["finding"]], each["count"]
        if each["state"] == Answer.ACCEPTED:
            here.covered += count
        else:
            why = _why_left(each["decision__reason_code"])
            here.left_because[why] = here.left_because.get(why, 0) + count
    return OthersAnswered(tuple(each for each in counted.values() if each.covered or each.left))


def _why_left(code: str | None) -> str:
    return str(LeftBecause(code).label) if code in LeftBecause.values else _("Decided one by one")
