"""Whether a decision can be made: the law knows its reason, the place exists, and a rule says what it looks for."""

from fulfillment.datamaps.datamap import Collection
from fulfillment.findings.decisions.models import Action, LeftBecause, Rule, Scope
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.models import Finding
from requests_app.errors import BadInput
from requests_app.jurisdictions.load import jurisdiction, right_code
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.rights.base import Operation

# Fewer letters stand in too many words.
SHORTEST_WORDS = 2


def refuse_unfit(wanted: Wanted, finding: Finding, subject_request: SubjectRequest) -> None:
    """Raises BadInput with what is wrong, in a sentence."""
    _refuse_reason(wanted, subject_request)
    if wanted.scope == Scope.COLLECTION:
        return
    if right(subject_request.right).operation is Operation.ERASE:
        raise BadInput("Single records of a deletion are held back from its dry run.")
    if wanted.scope == Scope.ITEM:
        _refuse_item(wanted, finding)
    else:
        _refuse_rule(wanted, finding.task.map_version.data_map.collection(finding.collection))


def _refuse_reason(wanted: Wanted, subject_request: SubjectRequest) -> None:
    if wanted.action == Action.INCLUDE:
        return
    grounds = jurisdiction(subject_request.regime).refusals_for(right_code(subject_request.right))
    if wanted.reason_code not in {ground.code for ground in grounds}:
        raise BadInput("Choose a reason that the law of this request knows.")


def _refuse_item(wanted: Wanted, finding: Finding) -> None:
    if wanted.line is None or not 1 <= wanted.line <= finding.row_count:
        raise BadInput("There is no such record.")
    if not wanted.place and wanted.action == Action.REDACT:
        raise BadInput("Choose what of the record is redacted: a value, or words in it.")
    if wanted.place and wanted.action == Action.WITHHOLD:
        raise BadInput("A value is redacted; a record is withheld.")
    is_stretch = wanted.start is not None or wanted.end is not None
    if is_stretch and not (wanted.place and 0 <= (wanted.start or 0) < (wanted.end or 0)):
        raise BadInput("Choose the words that are meant.")


def _refuse_rule(wanted: Wanted, collection: Collection) -> None:
    if wanted.field and wanted.field not in collection.by_name:
        raise BadInput("Choose a field of this collection.")
    if wanted.action == Action.INCLUDE:
        _refuse_leaving(wanted)
        return
    if wanted.rule in (Rule.FIELD, Rule.RECORDS) and not wanted.field:
        raise BadInput("Choose the field that the rule looks at.")
    if wanted.rule == Rule.RECORDS and not (wanted.test and wanted.value.strip()):
        raise BadInput("Say what the field must say for a record to be withheld.")
    if wanted.rule == Rule.WORDS and len(wanted.value.strip()) < SHORTEST_WORDS:
        raise BadInput("Enter the words that are redacted, at least two letters.")
    if wanted.rule == Rule.RECORDS and wanted.action != Action.WITHHOLD:
        raise BadInput("Whole records are withheld.")
    if wanted.rule in (Rule.OTHERS, Rule.WORDS) and wanted.action != Action.REDACT:
        raise BadInput("Words within a record are redacted.")


def _refuse_leaving(wanted: Wanted) -> None:
    if wanted.rule != Rule.OTHERS:
        raise BadInput("A rule withholds or redacts. To include again, take the rule back.")
    if wanted.reason_code not in LeftBecause.values:
        raise BadInput("Say why it goes out as it stands.")
