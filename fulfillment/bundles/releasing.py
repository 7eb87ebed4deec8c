"""Findings on their way into a copy: each through the one filter, with what was left out of it."""

from collections.abc import Callable, Iterable
from functools import partial

from fulfillment.bundles.language import spoken
from fulfillment.findings.decisions.selectors import standing_in
from fulfillment.findings.files import files_of
from fulfillment.findings.models import Finding
from fulfillment.findings.release.finder import finder_for
from fulfillment.findings.release.marks import marks_in
from fulfillment.findings.release.numbers import account_number_fields
from fulfillment.findings.release.plan import plan_of
from fulfillment.findings.release.released import Keep, Released, as_released
from fulfillment.findings.selectors import MappedFinding, SourceFindings
from requests_app.lifecycle.models import AnswerScope, SubjectRequest

Read = Callable[[Finding], Iterable[bytes]]


class Releasing:
    """Knows the decisions of a request; gives what of each finding may leave."""

    def __init__(
        self,
        subject_request: SubjectRequest,
        searched: Iterable[SourceFindings],
        *,
        read: Read,
        keep: Keep | None = None,
    ) -> None:
        self._request, self._read, self._keep = subject_request, read, keep
        self._standing = standing_in(subject_request, searched)
        self._mark = marks_in(spoken(subject_request.language))

    def of(self, mapped: MappedFinding, *, is_opened: bool) -> Released:
        """What leaves of one finding; one that is not opened at all is only counted."""
        finding = mapped.finding
        blocks = partial(self._read, finding)
        decisions = self._standing.get(finding.pk, [])
        if not is_opened or self._request.answer_scope != AnswerScope.FULL:
            return Released(finding.row_count, blocks)
        numbers = account_number_fields(mapped.collection)
        plan = plan_of(decisions, find=finder_for(self._request, mapped, decisions), numbers=numbers)
        has_files = mapped.collection.documents and not plan.is_empty
        names = {each.name for each in files_of(finding)} if has_files else ()
        return as_released(
            plan,
            blocks,
            row_count=finding.row_count,
            mark=self._mark,
            keep=self._keep,
            file_names=frozenset(names),
        )
