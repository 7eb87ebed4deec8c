"""What a finished deletion did, for the person: what is gone from where, what stays and why, who was told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from fulfillment.changes.by_connector.receipts import (
    FilesWithoutEnd,
    files_without_end,
    made_without_end,
    words_left,
    words_taken_out,
)
from fulfillment.changes.compare import Compared, Comparison, Result, Stay, compare
from fulfillment.changes.dry_run import recipient_labels
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask, ReceiptFile
from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.changing import NotTaken
from fulfillment.findings.forms import reason_in_words
from fulfillment.recipients.selectors import Told, told_of
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class CertifiedLine:
    """One collection in the person's words: what was `deleted`, what stays `emptied` of the person, what is kept.

    `why` and `rule` say why staff kept all of it; `stays` what the source kept by a rule, and which fields, until when.
    """

    source: str
    label: str
    deleted: int
    emptied: int
    kept: int
    left: int
    is_searched: bool
    # What was deleted where nobody could look once more.
    made: int = 0
    why: str = ""
    rule: str = ""
    stays: tuple[Stay, ...] = ()

    @property
    def kept_fields(self) -> tuple[Stay, ...]:
        """The fields that stay in records which say nothing else of the person any more."""
        return tuple(each for each in self.stays if each.fields)


@dataclass(frozen=True)
class CertifiedReceipt:
    """A file with which a source showed what it did, known by its hash: the file itself stays with us."""

    source: str
    sha256: str


@dataclass(frozen=True)
class CertifiedGap:
    """A system that we did not go through from end to end for what no search finds, and why not."""

    source: str
    why: str


@dataclass(frozen=True)
class Certificate:
    """The whole of it; `told` are recipients who were told and when, `not_told` those whom nobody has told.

    `spared` are those of whom somebody found that telling them is impossible or disproportionate, with the reason.
    `gaps` limit what was shown: beyond the second search nothing was looked at there.
    """

    lines: tuple[CertifiedLine, ...]
    searched_at: datetime | None
    told: tuple[Told, ...]
    not_told: tuple[str, ...]
    reason: str
    receipts: tuple[CertifiedReceipt, ...] = ()
    spared: tuple[Told, ...] = ()
    gaps: tuple[CertifiedGap, ...] = ()
    # Records of others out of which words about the person were taken, and those where that was not done.
    words: int = 0
    words_left: tuple[NotTaken, ...] = ()
    # Where files were written anew in part only.
    files: tuple[FilesWithoutEnd, ...] = ()

    @property
    def gone(self) -> tuple[CertifiedLine, ...]:
        """What was deleted, and looked for once more."""
        return tuple(line for line in self.lines if line.deleted and line.is_searched)

    @property
    def emptied(self) -> tuple[CertifiedLine, ...]:
        """Of what the records stay without what they said of the person, looked for once more."""
        return tuple(line for line in self.lines if line.emptied and line.is_searched)

    @property
    def kept(self) -> tuple[CertifiedLine, ...]:
        """What stays, records or fields of records, and why."""
        return tuple(line for line in self.lines if line.kept or line.kept_fields)

    @property
    def left(self) -> tuple[CertifiedLine, ...]:
        """What is still there although it should not be, and what nobody could look into once more."""
        return tuple(line for line in self.lines if line.left or not line.is_searched)

    @property
    def unseen(self) -> int:
        """How many records were deleted where nobody could look once more."""
        return sum(line.made for line in self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to delete, nothing to keep, and nothing is left."""
        return not (self.count or self.count_emptied or self.kept or self.left)

    @property
    def count(self) -> int:
        """How many records were deleted."""
        return sum(line.deleted for line in self.gone)

    @property
    def count_emptied(self) -> int:
        """How many records stay without what they said of the person."""
        return sum(line.emptied for line in self.emptied)


def certificate_of(subject_request: SubjectRequest) -> Certificate | None:
    """The certificate of a deletion that was carried out; None where nothing was."""
    comparison = compare(subject_request)
    if comparison is None:
        return None
    made = made_without_end(subject_request)
    recipients = told_of(subject_request) or _ticked(subject_request)
    return Certificate(
        lines=tuple(_line(subject_request, each, made) for each in comparison.lines),
        searched_at=comparison.run.ended_at,
        told=tuple(each for each in recipients if each.on),
        not_told=tuple(each.name for each in recipients if not each.on and not each.why_not),
        reason=subject_request.reason,
        receipts=receipts_of(subject_request),
        spared=tuple(each for each in recipients if each.why_not),
        gaps=tuple(_gaps(comparison)),
        words=words_taken_out(subject_request),
        words_left=words_left(subject_request),
        files=files_without_end(subject_request),
    )


def receipts_of(subject_request: SubjectRequest) -> tuple[CertifiedReceipt, ...]:
    """Return the files kept as receipts of what was changed for a request, oldest first."""
    found = ReceiptFile.objects.filter(task__subject_request=subject_request, task__state=ChangeState.DONE)
    return tuple(
        CertifiedReceipt(each.task.source.label if each.task.source else _("Privacy team"), each.sha256)
        for each in found.select_related("task__source").order_by("kept_at")
    )


def _line(
    subject_request: SubjectRequest, compared: Compared, made: Mapping[tuple[UUID, str], int]
) -> CertifiedLine:
    first = compared.first
    withheld = first if first is not None and first.finding.is_withheld else None
    retention = withheld.collection.retention if withheld else None
    is_searched = compared.result is not Result.NOT_SEARCHED
    return CertifiedLine(
        source=compared.source.label,
        label=compared.label,
        deleted=compared.gone - compared.emptied,
        emptied=compared.emptied,
        kept=compared.kept,
        left=compared.left,
        is_searched=is_searched,
        made=0 if is_searched else made.get((compared.source.pk, compared.name), 0),
        why=reason_in_words(subject_request, withheld.finding) if withheld else "",
        rule=retention.rule if retention else "",
        # Of what staff kept as a whole the decision says why; the source adds until when, where it knows.
        stays=tuple(
            each for each in compared.stays if not withheld or each.until or each.fields or each.look_again_on
        ),
    )


def _gaps(comparison: Comparison) -> Iterator[CertifiedGap]:
    """Both kinds: where there is nothing to go through, and where going through it failed."""
    for source, _why in comparison.not_swept:
        if source.kind not in CONNECTORS:
            why = _("we are not connected to it any more.")
        elif CONNECTORS.get(source.kind).asks_a_person:
            why = _("a person looks into it by hand; no machine can go through it.")
        else:
            why = _("it answers only when it is asked about one person, and lists nothing to go through.")
        yield CertifiedGap(source.label, why)
    for label in comparison.unswept:
        yield CertifiedGap(label, _("we could not go through it to its end."))


def _ticked(subject_request: SubjectRequest) -> tuple[Told, ...]:
    """What those said who carried a deletion out before each recipient had a notice of its own."""
    tasks = ChangeTask.objects.filter(subject_request=subject_request, kind=ChangeKind.ERASE)
    ended = [task for task in tasks if task.state in (ChangeState.DONE, ChangeState.COULD_NOT)]
    on = {
        key: task.ended_at.date()
        for task in ended
        if task.recipients_told and task.ended_at
        for key in task.instructions.recipients
    }
    named = dict.fromkeys(key for task in ended for key in task.instructions.recipients)
    return tuple(Told(recipient_labels([key])[0], on.get(key)) for key in sorted(named))
