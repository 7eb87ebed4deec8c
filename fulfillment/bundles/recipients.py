"""Who receives what was found, by name where they are known, and who was told of the person's earlier requests."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from fulfillment.bundles.contents import ToldContent
from fulfillment.findings.selectors import SourceFindings
from fulfillment.recipients.places import Place
from fulfillment.recipients.selectors import names_at, told_before
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY


def recipient_names(searched: Iterable[SourceFindings]) -> dict[str, tuple[str, ...]]:
    """The names by the policy's label of their kind.

    The person may have the very identity of who received their data (Article 15(1)(c) GDPR; CJEU, C-154/21).
    """
    places = [
        Place(part.task.source.key, part.task.source.label, each.collection)
        for part in searched
        for each in part.findings
        if each.finding.row_count
    ]
    return {_(COMPANY.recipient(key).label): names for key, names in names_at(places).items()}


def told(subject_request: SubjectRequest) -> tuple[ToldContent, ...]:
    """Who was told of an earlier change, which the person may ask to hear (Article 19 GDPR, last sentence)."""
    return tuple(
        ToldContent(each.name, each.kind, each.on, each.why_not) for each in told_before(subject_request)
    )
