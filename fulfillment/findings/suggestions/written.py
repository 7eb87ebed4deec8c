"""Write down what a scan found in some records: what is new, and no longer what stopped being true."""

from collections.abc import Sequence

from fulfillment.findings.decisions.selectors import standing_at
from fulfillment.findings.models import Finding
from fulfillment.findings.suggestions.models import Answer, Suggestion
from fulfillment.findings.suggestions.settle import settle

AT_ONCE = 1000
_Place = tuple[int, str, int | None, int | None, str]


def write_down(finding: Finding, found: Sequence[Suggestion], *, lines: tuple[int, int]) -> None:
    """In the caller's transaction: open suggestions of these records become what was found now.

    What a person answered stays as they answered it; what a standing decision covers is answered by it.
    """
    before = {_place(each): each for each in Suggestion.objects.filter(finding=finding, line__range=lines)}
    now = {_place(each): each for each in found}
    gone = [each.pk for place, each in before.items() if each.state == Answer.OPEN and place not in now]
    if gone:
        Suggestion.objects.filter(pk__in=gone).delete()
    new = [each for place, each in now.items() if place not in before]
    Suggestion.objects.bulk_create(new, batch_size=AT_ONCE)
    if new:
        settle(finding, standing_at(finding), lines=lines)


def _place(suggestion: Suggestion) -> _Place:
    return suggestion.line, suggestion.place, suggestion.start, suggestion.end, str(suggestion.kind)
