"""Suggestions for the page: with the records they stand in, counted by kind, and how far the looking is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min

from fulfillment.findings.decisions.models import Kind
from fulfillment.findings.models import Finding
from fulfillment.findings.shown import Stretch
from fulfillment.findings.suggestions.duty import NOT_BEGUN, is_copied, percent_of
from fulfillment.findings.suggestions.models import Answer, Suggestion, SuggestionScan


@dataclass(frozen=True)
class KindCount:
    """How many of one kind wait for an answer in a finding."""

    kind: str
    label: str
    count: int


@dataclass(frozen=True)
class Progress:
    """How far a finding was gone through; `trouble` says why it was given up."""

    is_over: bool
    percent: int
    trouble: str = ""


def open_between(finding: Finding, first: int, last: int) -> dict[int, list[Suggestion]]:
    """What waits for an answer in some records, by the number of the record."""
    found: dict[int, list[Suggestion]] = defaultdict(list)
    waiting = Suggestion.objects.filter(finding=finding, state=Answer.OPEN, line__range=(first, last))
    for each in waiting:
        found[each.line].append(each)
    return found


def stretches(suggestions: dict[int, list[Suggestion]]) -> dict[int, list[Stretch]]:
    """The same as places, for drawing."""
    return {
        line: [
            Stretch(
                each.pk,
                each.place,
                each.start,
                each.end,
                str(each.get_kind_display()),
                str(each.get_why_display()),
            )
            for each in found
        ]
        for line, found in suggestions.items()
    }


def kinds_in(finding: Finding) -> list[KindCount]:
    """What waits for an answer in a finding, by kind."""
    counted = Suggestion.objects.filter(finding=finding, state=Answer.OPEN).order_by("kind").values("kind")
    return [
        KindCount(each["kind"], str(Kind(each["kind"]).label), each["count"])
        for each in counted.annotate(count=Count("pk"))
    ]


def first_open(finding: Finding, after: int) -> int | None:
    """The next record with an open suggestion; from the beginning again after the last one."""
    waiting = Suggestion.objects.filter(finding=finding, state=Answer.OPEN)
    later: int | None = waiting.filter(line__gt=after).aggregate(line=Min("line"))["line"]
    first: int | None = waiting.aggregate(line=Min("line"))["line"]
    return later or first


def progress_of(finding: Finding) -> Progress | None:
    """How far the scan is; None where nothing is to be scanned."""
    scan = SuggestionScan.objects.filter(finding=finding).first()
    if scan is None:
        is_owed = finding.row_count and is_copied(finding.task.run.subject_request)
        return Progress(is_over=False, percent=0, trouble=NOT_BEGUN) if is_owed else None
    is_broken = not scan.is_waiting and not scan.is_over
    return Progress(scan.is_over, percent_of(scan, finding), scan.last_error if is_broken else "")


def open_by_finding(findings: Iterable[UUID]) -> dict[UUID, int]:
    """How many wait for an answer, by finding."""
    waiting = Suggestion.objects.filter(finding__in=list(findings), state=Answer.OPEN).order_by("finding")
    return {each["finding"]: each["count"] for each in waiting.values("finding").annotate(count=Count("pk"))}
