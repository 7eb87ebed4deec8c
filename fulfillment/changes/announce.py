"""Tell the person of a deletion that was approved, on every channel on file, in numbers and with a way to stop it."""

import json
from datetime import datetime

from fulfillment.changes.dry_run import dry_run_of
from fulfillment.findings.selectors import SourceFindings, findings_of
from fulfillment.findings.store import lines_of
from requests_app.correspondence.links import cancel_link, portal_link
from requests_app.correspondence.models import Message
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.decisions.cancel import cancel_token
from requests_app.lifecycle.models import SubjectRequest

# Somebody with more addresses than that is no person's record, but a wrong mark in a map.
MOST_ADDRESSES = 20


def announce_deletion(*, subject_request: SubjectRequest, at: datetime) -> list[Message]:
    """Write the notice to the address that was confirmed and to each other one that a source holds as the person's own.

    Raises FindingsLost when what the dry run found cannot be read any more: then nobody knows whom to tell.
    """
    dry_run = dry_run_of(subject_request)
    context = {
        "records": dry_run.to_erase,
        "sources": dry_run.source_count,
        "kept": dry_run.to_keep,
        "waits_until": subject_request.waits_until,
        "begins_at_once": subject_request.waits_until == at,
        "portal_url": portal_link(),
    }
    secrets = {"cancel_url": cancel_link(cancel_token(subject_request))}
    return [
        write_message(
            Notice.DELETION_PLANNED,
            subject_request=subject_request,
            at=at,
            context=context,
            secrets=secrets,
            to_address=address,
        )
        for address in channels_of(subject_request)
    ]


def tell_of_result(*, subject_request: SubjectRequest, at: datetime) -> Message:
    """Write that the deletion is over, without details: those stand on the person's own page."""
    context = {"portal_url": portal_link(), "outcome": subject_request.outcome}
    return write_message(Notice.DELETION_DONE, subject_request=subject_request, at=at, context=context)


def channels_of(subject_request: SubjectRequest) -> list[str]:
    """Every address that reaches the person: the one we write to first, then those that the maps mark as their own."""
    known = (subject_request.contact_address, subject_request.subject_email)
    found = {address.casefold(): address for address in known}
    for part in findings_of(subject_request):
        for address in _own_addresses(part):
            if len(found) < MOST_ADDRESSES:
                found.setdefault(address.casefold(), address)
    return list(found.values())


def _own_addresses(part: SourceFindings) -> list[str]:
    addresses: list[str] = []
    for each in part.findings:
        names = [field.name for field in each.collection.returned_fields if field.channel]
        if not names or not each.finding.row_count:
            continue
        for line in lines_of(each.finding):
            row = json.loads(line)
            addresses += [row[name].strip() for name in names if _is_address(row.get(name))]
    return addresses


def _is_address(value: object) -> bool:
    return isinstance(value, str) and "@" in value.strip("@ ") and len(value) <= 254
