"""What a sweep found and a person accepted goes into the copy: the words about the person and nothing around them."""

import json
import zipfile
from uuid import UUID

import pytest

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.verify import verify_bundle
from fulfillment.sweeps.decide import decide_traces
from fulfillment.sweeps.errors import TraceClosed
from fulfillment.sweeps.models import Sweep, Trace
from fulfillment.sweeps.states import TraceDecision
from requests_app.audit.events import preparing
from requests_app.encryption.signing import own_public_key
from requests_app.lifecycle.models import SubjectRequest
from tests.desk import signed_in
from tests.factories import NOON, rosa
from tests.fulfillment.bundles.conftest import LATER
from tests.fulfillment.bundles.test_build import zip_of
from tests.reviewing import finish_review

pytestmark = pytest.mark.usefixtures("without_letter")
MENTION = {
    "key": {"id": 471_147_114_711, "customer": "canary-stranger-key"},
    "hits": [
        {
            "by": "email",
            "column": "note",
            "way": [],
            "whole": False,
            "words": "For ada@example.org, not […].",
        },
        {"by": "name", "column": "note", "way": [], "whole": False, "words": "For ada@example.org, not […]."},
    ],
}
OWN = {
    "key": {"id": 1},
    "hits": [{"by": "email", "column": "mail", "way": [], "whole": True, "words": "ada@example.org"}],
}
NAMESAKE = {
    "key": {"id": 2},
    "hits": [{"by": "name", "column": "who", "way": [], "whole": True, "words": "canary-namesake"}],
}


@pytest.fixture
def traces(checked_request, shop) -> list[Trace]:
    """A mention in somebody else's row, a record of their own, and a namesake."""
    sweep = Sweep.objects.create(
        subject_request=checked_request,
        source=shop,
        map_version=shop.map_in_force,
        started_at=NOON,
        work_state="done",
    )
    found = [
        ("orders", ["note"], "mention", MENTION),
        ("mails", ["mail"], "own", OWN),
        ("people", ["who"], "namesake", NAMESAKE),
    ]
    return [
        Trace.objects.create(
            sweep=sweep,
            number=n,
            table=table,
            columns=columns,
            kind=kind,
            coverage="no_column",
            content=content,
        )
        for n, (table, columns, kind, content) in enumerate(found, start=1)
    ]


def decided(asked: SubjectRequest, keys: list[UUID], by, decision=TraceDecision.ACCEPTED) -> None:
    decide_traces(subject_request=asked, trace_ids=keys, decision=decision, by=by, at=LATER)


def copy_of(asked: SubjectRequest, by) -> zipfile.ZipFile:
    finish_review(asked, by=by, at=LATER)
    bundle = Bundle.objects.get(subject_request=asked)
    assert build_bundle(bundle_id=bundle.pk, at=LATER)
    content = zip_of(Bundle.objects.get(pk=bundle.pk))
    assert verify_bundle(content, key=own_public_key()).is_intact
    return zipfile.ZipFile(content)


def test_accepted_words_are_in_the_copy_and_nothing_of_the_record_around_them(
    checked_request, traces, reviewer
) -> None:
    decided(checked_request, [each.pk for each in traces[:2]], reviewer)
    with copy_of(checked_request, reviewer) as archive:
        rows = [json.loads(line) for line in archive.read("data/shop/beside-the-map.jsonl").splitlines()]
        everything = b"".join(archive.read(name) for name in archive.namelist())
        whole = json.loads(archive.read("data.json"))
    assert rows == [
        {"where": "orders: note", "known_by": "email, name", "words": "For ada@example.org, not […]."},
        {"where": "mails: mail", "known_by": "email", "words": "ada@example.org"},
    ]
    assert b"canary-stranger-key" not in everything
    assert b"471147114711" not in everything
    assert b"canary-namesake" not in everything
    (source,) = whole["sources"]
    assert [each["record_count"] for each in source["collections"]][-1] == 2


def test_without_an_accepted_trace_the_copy_is_as_it_was(checked_request, traces, reviewer) -> None:
    decided(checked_request, [traces[2].pk], reviewer, TraceDecision.REFUSED)
    with copy_of(checked_request, reviewer) as archive:
        assert not any("beside" in name for name in archive.namelist())


def test_what_is_in_the_copy_is_not_decided_anew(checked_request, traces, reviewer) -> None:
    decided(checked_request, [traces[0].pk], reviewer)
    finish_review(checked_request, by=reviewer, at=LATER)
    with pytest.raises(TraceClosed, match="Send it back to review"):
        decided(checked_request, [traces[0].pk], reviewer, TraceDecision.REFUSED)
    assert "sweep.decided" in preparing()


def test_the_review_shows_the_words_that_go_out_and_what_waits(checked_request, traces, reviewer) -> None:
    decided(checked_request, [traces[0].pk], reviewer)
    page = signed_in(rosa()).get(f"/staff/requests/{checked_request.reference}/items/").content.decode()
    assert "Words that go into the copy" in page
    assert "For ada@example.org, not […]." in page
    assert "2 to decide" in page
    assert "canary-stranger-key" not in page
