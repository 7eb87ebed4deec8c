"""The contract of a kind of kept thing: which columns of which rows hold it, when it goes, and how.

To add one, write a module under `kinds/` that holds a `Kept` named `KEPT`. Every column that can hold something of a
person belongs to a kind: a test walks all models and names the ones that nobody has taken on.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.encryption.doomed import doom
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY
from requests_app.registry import Registry

_FAMILY = Registry["Kept"](
    noun="kind of kept thing",
    package="requests_app.retention.kinds",
    attribute="KEPT",
    group="omne_dsar.kept",
)
_families: list[Registry["Kept"]] = [_FAMILY]


class Stage(StrEnum):
    """When what belongs to a request goes, counted from its end."""

    FINDINGS = "findings"
    RECORD = "record"

    @property
    def label(self) -> str:
        """The words for the staff."""
        return str(_STAGES[self])

    @property
    def when(self) -> str:
        """The day that it means, in words, with our own period."""
        days, months = COMPANY.keeping.findings_days, COMPANY.keeping.record_months
        if self is Stage.FINDINGS:
            return str(
                _("%(days)s days after the end of the request; with its record where the law says so")
            ) % {"days": days}
        return str(_("With the record of the request: the period of its law, else %(months)s months")) % {
            "months": months
        }


_STAGES: dict[Stage, Promise] = {
    Stage.FINDINGS: _("What was found"),
    Stage.RECORD: _("The record of the request"),
}


@dataclass(frozen=True)
class Rows:
    """Rows of one model that belong to a request by the look-up `path`, those of `only` where it is given.

    They are deleted, unless columns to be emptied are named: then the rows stay as figures, and `stays` says of every
    other column of text what it holds that is nobody's.
    """

    model: type[Model]
    path: str
    empties: Mapping[str, Any] = field(default_factory=dict)
    stays: Mapping[str, str] = field(default_factory=dict)
    only: Q = field(default_factory=Q)

    @property
    def are_deleted(self) -> bool:
        """Whether the rows go as a whole."""
        return not self.empties

    def of(self, requests: Collection[UUID]) -> "QuerySet[Any]":
        """The rows of these requests."""
        found = self.model._default_manager.filter(self.only, **{f"{self.path}__in": list(requests)})
        return found.order_by()

    def count(self, requests: Collection[UUID]) -> dict[UUID, int]:
        """How many there are, request by request."""
        counted = self.of(requests).values_list(self.path).annotate(rows=Count("pk"))
        return dict(counted)

    def forget(self, request_id: UUID) -> int:
        """Delete or empty them, and doom the files that they name. Returns how many rows; for a locked request."""
        rows = list(self.of([request_id]).select_for_update(of=("self",)))
        if any(each.name == "store_name" for each in self.model._meta.concrete_fields):
            doom(row.store_name for row in rows)
        if self.are_deleted:
            self.of([request_id]).delete()
            return len(rows)
        for row in rows:
            for name, value in self.empties.items():
                setattr(row, name, value() if callable(value) else value)
            row.save(update_fields=list(self.empties))
        return len(rows)


@dataclass(frozen=True)
class RowsOfSubmission(Rows):
    """What arrived goes with the last of the requests that it opened; the first ones leave it to the others.

    `path` leads to these requests; `submission` is the column that names what arrived.
    """

    submission: str = "pk"

    def of(self, requests: Collection[UUID]) -> "QuerySet[Any]":
        """The rows of what arrived with the last of these requests."""
        still_kept = SubjectRequest.objects.filter(purged_at=None).exclude(pk__in=list(requests))
        return super().of(requests).exclude(**{f"{self.submission}__in": still_kept.values("submission_id")})


Forgetter = Callable[[SubjectRequest, datetime], int]


@dataclass(frozen=True)
class Found:
    """What has come to its own day: how many things, and where they belong to requests the reference of each."""

    count: int = 0
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnDay:
    """A day of its own, whatever becomes of the request: in words, how it is found, and how it goes.

    `models` are taken care of here; those without a request belong nowhere else. What costs a walk through a whole
    store is `daily`; everything else is looked for every few minutes.
    """

    says: str | Promise
    find: Callable[[datetime], Found]
    forget: Callable[[datetime], int]
    models: tuple[type[Model], ...] = ()
    daily: bool = False


@dataclass(frozen=True)
class Kept:
    """A kind of kept thing. `label` and `goes` are what the staff read.

    With a `stage` it goes with its request: first by the services in `first`, which know more than rows, then row by
    row; with an `own_day` it goes by itself.
    """

    label: str | Promise
    goes: str | Promise
    stage: Stage | None = None
    rows: tuple[Rows, ...] = ()
    first: tuple[Forgetter, ...] = ()
    own_day: OwnDay | None = None

    def count(self, requests: Collection[UUID]) -> dict[UUID, int]:
        """How many things of this kind each of these requests has; those without any are left out."""
        counted: dict[UUID, int] = {}
        for part in self.rows:
            for key, number in part.count(requests).items():
                counted[key] = counted.get(key, 0) + number
        return counted

    def forget(self, subject_request: SubjectRequest, *, at: datetime) -> int:
        """Forget what one request has of it, in the caller's transaction. Returns how many things; safe to repeat."""
        count = sum(self.count([subject_request.pk]).values())
        for forget in self.first:
            forget(subject_request, at)
        for part in self.rows:
            part.forget(subject_request.pk)
        return count


def add_family(family: Registry[Kept]) -> None:
    """Let another app bring kinds of its own; called once, from its `ready`."""
    _families.append(family)


def kinds() -> Iterator[tuple[str, Kept]]:
    """Every kind there is, with its key; what hangs on a request before the request itself."""
    for family in reversed(_families):
        yield from family.items()
