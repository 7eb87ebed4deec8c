"""From what the sources found, the staff decided and the law asks, to the plain values that formats write."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from fulfillment.bundles.beside_map import collection_of, source_of, traces_by_source
from fulfillment.bundles.contents import (
    BundleInput,
    CollectionContent,
    FieldContent,
    FileContent,
    PartLeftOut,
    SourceContent,
    Withheld,
)
from fulfillment.bundles.elsewhere import services_of
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.recipients import recipient_names, told
from fulfillment.bundles.releasing import Read, Releasing
from fulfillment.connectors.base import CONNECTORS
from fulfillment.datamaps.datamap import Collection, DataField
from fulfillment.findings.files import file_chunks, files_of
from fulfillment.findings.models import Finding
from fulfillment.findings.portable import NOT_PORTABLE, NOT_PORTABLE_WORDS, is_outside
from fulfillment.findings.release.numbers import ACCOUNT_NUMBERS, ACCOUNT_NUMBERS_WORDS
from fulfillment.findings.release.released import Keep, Released
from fulfillment.findings.release.tally import FIELD
from fulfillment.findings.selectors import MappedFinding, SourceFindings, findings_of
from fulfillment.findings.store import blocks_of
from fulfillment.runs.models import SourceTask
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.models import Trace
from requests_app.decisions.ways import regulator_of
from requests_app.intake.offered import rights_offered
from requests_app.jurisdictions.base import Jurisdiction
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import AnswerScope, SubjectRequest
from requests_app.lifecycle.proof import row_for
from requests_app.lists import listed
from requests_app.policy.company import COMPANY


def answer_of(
    bundle: Bundle, *, at: datetime, read: Read = blocks_of, keep: Keep | None = None
) -> BundleInput:
    """Everything the bundle will say, as of now; `read` gives the records of a finding when they are asked for.

    `keep` holds records of which something was left out, so that they are filtered once for all formats.
    """
    subject_request = bundle.subject_request
    law = jurisdiction(subject_request.regime)
    searched = findings_of(subject_request)
    releasing = Releasing(subject_request, searched, read=read, keep=keep)
    beside = traces_by_source(subject_request)
    return BundleInput(
        bundle_id=bundle.pk,
        number=bundle.number,
        reference=subject_request.reference,
        subject_name=subject_request.subject_name,
        subject_email=subject_request.subject_email,
        language=subject_request.language,
        regime_key=law.key,
        regime_name=_(law.name),
        regime_short=law.short_name,
        access_citation=law.access_contents.cite,
        access_items=law.access_contents.items,
        authority=regulator_of(law),
        other_rights=_other_rights(subject_request, at),
        received_on=subject_request.received_at.astimezone(law.zone).date(),
        due_on=subject_request.response_due_on,
        made_at=at,
        made_on=at.astimezone(law.zone).date(),
        policy_version=subject_request.submission.policy_version or COMPANY.policy_version,
        company=COMPANY,
        sources=_sources(searched, [source for source, _traces in beside]),
        collections=(*_collections(searched, subject_request, releasing), *_besides(beside, subject_request)),
        right=subject_request.right,
        scope=subject_request.answer_scope,
        scope_citation=_scope_citation(subject_request),
        recipient_names=recipient_names(searched),
        told=told(subject_request),
        services=services_of(subject_request),
    )


def _other_rights(subject_request: SubjectRequest, at: datetime) -> tuple[str, ...]:
    """What the law of the place, or our policy, gives besides: Article 15(1)(e) GDPR has it told."""
    offered = rights_offered(subject_request.place or None, at.date())
    return tuple(each.code for each in offered if each.code != "access")


def _collections(
    searched: Iterable[SourceFindings], subject_request: SubjectRequest, releasing: Releasing
) -> Iterator[CollectionContent]:
    """The mapped ones, source by source."""
    for part in searched:
        for mapped in part.findings:
            yield _collection(part, mapped, subject_request, releasing)


def _sources(searched: Sequence[SourceFindings], beside: Iterable[DataSource]) -> tuple[SourceContent, ...]:
    """Those that were searched, then those that only a sweep went through."""
    listed = {each.task.source_id for each in searched}
    return (
        *(_source(each) for each in searched),
        *(source_of(source) for source in beside if source.pk not in listed),
    )


def _source(found: SourceFindings) -> SourceContent:
    task = found.task
    return SourceContent(
        key=task.source.key,
        label=task.source.label,
        searched_by=_searched_by(task),
        row_count=found.rows,
        searched=not task.is_excluded,
        note=task.excluded_because,
    )


def _searched_by(task: SourceTask) -> str:
    """A search starts from what was accepted; what it leads to is followed inside the source, or by a person."""
    others = [kind.replace("_", " ") for kind in task.asked_kinds if kind != "email"]
    known = listed([_("your e-mail address")] * ("email" in task.asked_kinds or not others) + others)
    if task.source.kind in CONNECTORS and CONNECTORS.get(task.source.kind).asks_a_person:
        return _("%(known)s, by somebody who looks after it") % {"known": known}
    words = _("%(known)s, and what they lead to") if others else _("%(known)s, and what it leads to")
    return words % {"known": known}


def _collection(
    found: SourceFindings, mapped: MappedFinding, subject_request: SubjectRequest, releasing: Releasing
) -> CollectionContent:
    finding, collection = mapped.finding, mapped.collection
    is_narrow = subject_request.answer_scope != AnswerScope.FULL
    law = jurisdiction(subject_request.regime)
    withheld, released = _released(mapped, subject_request, releasing)
    return CollectionContent(
        source_key=found.task.source.key,
        source_label=found.task.source.label,
        key=collection.name,
        label=collection.label,
        about=collection.about,
        fields=() if is_narrow else _fields(_going(collection, released)),
        row_count=finding.row_count if withheld else released.row_count,
        open_rows=tuple if is_narrow else released.open_blocks,
        category=_(COMPANY.category(collection.policy).label) if collection.policy else "",
        purposes=tuple(_(COMPANY.purpose(each).label) for each in collection.purposes),
        legal_basis=_(COMPANY.basis(collection.legal_basis).label) if collection.legal_basis else "",
        retention=collection.retention.rule if collection.retention else "",
        recipients=tuple(_(COMPANY.recipient(each).label) for each in collection.recipients),
        origin=_origin(collection),
        rights=collection.rights,
        secrets=() if is_narrow else _fields(collection.secret_fields),
        withheld=withheld,
        left_out=_parts(collection, released, law),
        files=() if is_narrow else _files(finding, collection, released),
        is_named_only=is_narrow,
    )


def _released(
    mapped: MappedFinding, subject_request: SubjectRequest, releasing: Releasing
) -> tuple[Withheld | None, Released]:
    """Why all of a collection is withheld, if it is, and what of it leaves."""
    withheld = _left_out(mapped.finding, mapped.collection, subject_request)
    released = releasing.of(mapped, is_opened=withheld is None)
    if withheld is None and mapped.finding.row_count and not released.row_count:
        # Record by record everything stays: the collection is held and withheld, and is said to be.
        withheld = _withheld(released.left[0].reason_code, jurisdiction(subject_request.regime))
    return withheld, released


def _going(collection: Collection, released: Released) -> tuple[DataField, ...]:
    """The fields that have a column: all but those that a rule takes out of every record."""
    dropped = {each.field for each in released.left if each.what == FIELD}
    return tuple(each for each in collection.returned_fields if each.name not in dropped)


def _parts(collection: Collection, released: Released, law: Jurisdiction) -> tuple[PartLeftOut, ...]:
    return tuple(
        PartLeftOut(
            each.what,
            collection.by_name[each.field].label if each.field in collection.by_name else each.field,
            each.kind,
            each.count,
            _withheld(each.reason_code, law),
        )
        for each in released.left
    )


def _files(finding: Finding, collection: Collection, released: Released) -> tuple[FileContent, ...]:
    """The original files of a collection that keeps documents, but for those of records that stay or were changed."""
    if not collection.documents:
        return ()
    return tuple(
        FileContent(each.name, each.media_type, partial(file_chunks, each))
        for each in files_of(finding)
        if each.name not in released.files_left_out
    )


def _besides(
    beside: Iterable[tuple[DataSource, list[Trace]]], subject_request: SubjectRequest
) -> Iterator[CollectionContent]:
    for source, traces in beside:
        yield _beside(source, traces, subject_request)


def _beside(source: DataSource, traces: list[Trace], subject_request: SubjectRequest) -> CollectionContent:
    """What was accepted beside the map; what others wrote about somebody is not theirs to move."""
    is_moved = subject_request.right == "portability"
    withheld = _withheld(NOT_PORTABLE, jurisdiction(subject_request.regime)) if is_moved else None
    is_narrow = subject_request.answer_scope != AnswerScope.FULL
    return collection_of(source, traces, withheld=withheld, is_narrow=is_narrow)


def _left_out(finding: Finding, collection: Collection, subject_request: SubjectRequest) -> Withheld | None:
    law = jurisdiction(subject_request.regime)
    if finding.is_withheld:
        return _withheld(finding.reason_code, law)
    if is_outside(collection, subject_request):
        return _withheld(NOT_PORTABLE, law)
    return None


def _scope_citation(subject_request: SubjectRequest) -> str:
    """Where the law gives this narrower answer instead of the one that was asked for; empty where it was asked for."""
    asked_for = right(subject_request.right).answer_scope
    if subject_request.answer_scope == asked_for:
        return ""
    return row_for(subject_request.right, subject_request.regime).cite


def _fields(fields: tuple[DataField, ...]) -> tuple[FieldContent, ...]:
    return tuple(FieldContent(each.name, each.label) for each in fields)


def _origin(collection: Collection) -> str:
    if collection.source or not collection.policy:
        return collection.source
    group = COMPANY.category(collection.policy).group
    return next(_(each.label) for each in COMPANY.groups if each.key == group)


# Reasons that are no law's: what was never asked for, and what would put the person at risk.
_OWN_REASONS = {NOT_PORTABLE: NOT_PORTABLE_WORDS, ACCOUNT_NUMBERS: ACCOUNT_NUMBERS_WORDS}


def _withheld(code: str, law: Jurisdiction) -> Withheld:
    reason = next((each for each in law.refusals if each.code == code), None)
    if reason is None and code in _OWN_REASONS:
        return Withheld(code, "", str(_OWN_REASONS[code]))
    if reason is None:
        return Withheld(code, "", code.replace("_", " ").capitalize())
    return Withheld(
        code, reason.cite, _(reason.words) if reason.words else code.replace("_", " ").capitalize()
    )
