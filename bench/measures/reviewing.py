"""Review a person of many records: `reviewing ROWS`, messages of a help desk that name other people now and then."""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

from django.test import Client
from django.utils import timezone

from bench.cost import measured, peak_memory, say
from bench.measures.cases import a_request, approve, case_worker, files_source, search, the_only_source
from fulfillment.findings.decisions.decide import decide, undo_last
from fulfillment.findings.decisions.models import Action, Kind, LeftBecause, Rule, Scope
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.forms import reasons_for
from fulfillment.findings.models import Finding
from fulfillment.findings.search import search_finding
from fulfillment.findings.suggestions.answer import cover_kind, leave_everything
from fulfillment.findings.suggestions.duty import others_were_looked_for
from fulfillment.findings.suggestions.models import Suggestion, SuggestionScan
from fulfillment.findings.suggestions.scan import scan_finding
from requests_app.accounts.models import StaffMember
from requests_app.accounts.sessions import FACTOR_SET_UP_KEY
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.models import SubjectRequest

EMAIL = "talker@bench.example"
LINES_AT_ONCE = 1_000
MAP = Path(__file__).parent.parent / "messages.yaml"
SAID = (
    "Thank you for your message of {day}. Order {number} left our house and will arrive within three days.",
    "The lamp of order {number} flickers when the heating is on. Could you have a look at it, please?",
    "I spoke with Maria Schmidt today about order {number}, and she promised a refund by Friday.",
    "Bitte rufen Sie meinen Mann Jonas Weber unter +49 30 901820 an, er nimmt das Paket {number} an.",
    "Please send the invoice {number} to bo.larsen{number}@mail.example as well, he keeps our books.",
    "Your ticket {number} was closed. If the Premium Plan still fails on Monday, open it again.",
    "La commande {number} est arrivée, mais le colis était ouvert et il manque la facture du mois.",
    "Tracking {number}: handed over in Hamburg, sorted in Leipzig, out for delivery in Berlin.",
    "Reset of the password for device {number} was asked for at 14:03 and done a minute later.",
    "We changed the address of subscription {number} to Victoria Road 12, Manchester, as you asked.",
)


def main(rows: int) -> None:
    """Measure the looking for other people, pages, searches and decisions."""
    with tempfile.TemporaryDirectory(prefix="omne-bench-talk-") as home, the_only_source():
        asked = _found(Path(home), rows)
        finding = Finding.objects.get(task__run__subject_request=asked, row_count=rows)
        scan_id = SuggestionScan.objects.get(finding=finding).pk
        before = peak_memory()
        scanned, _nothing = measured([partial(_scan, scan_id)], warm=0)
        waiting = Suggestion.objects.filter(finding=finding).count()
        say(
            rows=rows,
            megabytes=finding.byte_length / 1e6,
            scan=scanned,
            memory=(before, peak_memory()),
            suggestions=waiting,
            **_pages(asked, finding),
            **_decisions(asked, finding),
        )


def _found(folder: Path, rows: int) -> SubjectRequest:
    with (folder / "messages.jsonl").open("wb") as sink:
        for line in _lines(rows):
            sink.write(line)
    files_source("talk", folder=folder, map_file=MAP)
    asked = a_request(EMAIL)
    approve(asked, case_worker())
    search(asked)
    fresh: SubjectRequest = SubjectRequest.objects.get(pk=asked.pk)
    return fresh


def _lines(rows: int) -> Iterator[bytes]:
    for number in range(1, rows + 1):
        text = SAID[number % len(SAID)].format(number=100_000 + number, day=f"{number % 28 + 1} May")
        row = {"id": number, "mail": EMAIL, "text": text, "channel": "mail", "read": number % 3 == 0}
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _scan(scan_id: UUID) -> None:
    while scan_finding(scan_id=scan_id, at=timezone.now()):
        pass


def _pages(asked: SubjectRequest, finding: Finding) -> dict[str, float]:
    """Seconds for a page anywhere, drawn; for a search through everything, and how far one look of it comes."""
    client, address = _desk(), f"/staff/requests/{asked.reference}/items/{finding.pk}/"
    last = -(-finding.row_count // Finding.PAGE_ROWS)
    first = search_finding(finding, "no such words anywhere")

    def through() -> None:
        line: int | None = 1
        while line is not None:
            line = search_finding(finding, "no such words anywhere", from_line=line).next_line

    return {
        "list": _seconds(lambda: client.get(f"/staff/requests/{asked.reference}/items/")),
        "first_page": _seconds(lambda: client.get(address)),
        "last_page": _seconds(lambda: client.get(f"{address}?page={last}")),
        "search_page": _seconds(lambda: client.post(f"{address}search/", {"q": "no such words anywhere"})),
        "search_seen": first.seen,
        "search_all": _seconds(through),
        "refusal": _seconds(lambda: others_were_looked_for(Attempt(asked, case_worker()))),
    }


def _decisions(asked: SubjectRequest, finding: Finding) -> dict[str, float]:
    """Seconds for what is decided about all of it at once, each taken back again."""
    by, reason = case_worker(), reasons_for(asked)[0][0]
    field = Wanted(Scope.RULE, Action.REDACT, reason_code=reason, rule=Rule.FIELD, field="text")

    def undone(act: Callable[[], object]) -> tuple[float, float]:
        took = _seconds(act, times=1)
        back = _seconds(lambda: undo_last(subject_request_id=asked.pk, by=by, at=timezone.now()), times=1)
        return took, back

    cover = undone(
        lambda: cover_kind(
            finding_id=finding.pk, kind=Kind.NAME, reason_code=reason, by=by, at=timezone.now()
        )
    )
    rule = undone(lambda: decide(finding_id=finding.pk, wanted=[field], by=by, at=timezone.now()))
    leave = undone(
        lambda: leave_everything(
            subject_request_id=asked.pk, because=LeftBecause.WEIGHED, by=by, at=timezone.now()
        )
    )
    return {
        "cover_kind": cover[0],
        "rule": rule[0],
        "rule_undone": rule[1],
        "leave_all": leave[0],
        "leave_all_undone": leave[1],
    }


def _desk() -> Client:
    member = StaffMember.objects.get(pk=UUID(case_worker().key))
    client = Client(headers={"host": "localhost"})
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[FACTOR_SET_UP_KEY] = str(member.pk)
    session.save()
    return client


def _seconds(act: Callable[[], object], *, times: int = 5) -> float:
    """The median of some times."""
    took = []
    for _time in range(times):
        begun = time.perf_counter()
        act()
        took.append(time.perf_counter() - begun)
    return sorted(took)[len(took) // 2]


if __name__ == "__main__":
    main(int(sys.argv[1]))
