"""What a copy leaves out, and how it differs from the one before: out of the numbers that each copy keeps of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.bundles.models import Bundle
from fulfillment.findings.decisions.models import ReviewDecision
from fulfillment.findings.release import tally
from fulfillment.findings.release.marks import kind_in_words

Labels = Mapping[tuple[str, str], str]
Shape = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class LeftLine:
    """Something of a collection that stays: how much of what, and the law's reason."""

    collection: str
    what: str
    why: str


@dataclass(frozen=True)
class ChangedLine:
    """A collection whose numbers are other than in the copy before; `sign` is +, - or ~."""

    sign: str
    collection: str
    records_before: int
    records_now: int
    left_before: int
    left_now: int


@dataclass(frozen=True)
class Difference:
    """The copy before, what is other now, and how many decisions were made and taken back meanwhile."""

    number: int
    lines: tuple[ChangedLine, ...]
    decided: int
    taken_back: int


def left_in(bundle: Bundle, labels: Labels, reasons: Mapping[str, str]) -> list[LeftLine]:
    """What was left out of collections that go out otherwise, line by line."""
    return [
        LeftLine(_label(entry, labels), what_left(part), reasons.get(part["reason"], part["reason"]))
        for entry in bundle.shape
        if entry["records"]
        for part in entry["left"]
    ]


def going_by_source(bundle: Bundle) -> dict[str, tuple[int, int]]:
    """By the key of a source, how many records go out and how many stay."""
    found: dict[str, tuple[int, int]] = {}
    for entry in bundle.shape:
        going, staying = found.get(entry["source"], (0, 0))
        stays = sum(part["count"] for part in entry["left"] if part["what"] == tally.RECORDS)
        found[entry["source"]] = (going + entry["records"], staying + stays)
    return found


def since_the_last(bundle: Bundle, labels: Labels) -> Difference | None:
    """How a copy differs from the newest complete one before; None when it is the first."""
    earlier = Bundle.objects.filter(
        subject_request=bundle.subject_request_id, number__lt=bundle.number, built_at__isnull=False
    )
    last = earlier.order_by("-number").first()
    if last is None:
        return None
    decided = ReviewDecision.objects.filter(subject_request=bundle.subject_request_id)
    return Difference(
        last.number,
        tuple(_changed(last.shape, bundle.shape, labels)),
        decided.filter(decided_at__gte=last.created_at).count(),
        decided.filter(undone_at__gte=last.created_at).count(),
    )


def _changed(before: Shape, now: Shape, labels: Labels) -> list[ChangedLine]:
    old, new = _by_place(before), _by_place(now)
    lines = []
    for place in dict.fromkeys([*new, *old]):
        was, becomes = old.get(place), new.get(place)
        if was == becomes:
            continue
        sign = "+" if was is None else "-" if becomes is None else "~"
        records_before, left_before = _numbers(was)
        records_now, left_now = _numbers(becomes)
        label = _label({"source": place[0], "collection": place[1]}, labels)
        lines.append(ChangedLine(sign, label, records_before, records_now, left_before, left_now))
    return lines


def _by_place(shape: Shape) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(each["source"], each["collection"]): each for each in shape}


def _numbers(entry: Mapping[str, Any] | None) -> tuple[int, int]:
    if entry is None:
        return 0, 0
    return entry["records"], sum(part["count"] for part in entry["left"])


def _label(entry: Mapping[str, Any], labels: Labels) -> str:
    return labels.get((entry["source"], entry["collection"]), f"{entry['source']}: {entry['collection']}")


def what_left(part: Mapping[str, Any]) -> str:
    """How much of what stays, of one entry under `left` in the shape of a copy."""
    count = {"count": f"{part['count']:,}"}
    if part["what"] == tally.RECORDS:
        return ngettext("%(count)s record withheld", "%(count)s records withheld", part["count"]) % count
    if part["what"] == tally.FILES:
        return ngettext("%(count)s file withheld", "%(count)s files withheld", part["count"]) % count
    if part["what"] == tally.FIELD:
        return _("%(field)s withheld in every record") % {"field": part["field"]}
    places = ngettext("%(count)s place covered", "%(count)s places covered", part["count"]) % count
    kind = f" ({kind_in_words(part['kind'])})" if part["kind"] else ""
    return f"{part['field']}: {places}{kind}"
