"""A deletion in files that breaks off: case, receipt and certificate say how many are done, and never that all are."""

import json
from pathlib import Path

import pytest
import yaml

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.by_connector.decide import try_again
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.certificate import certificate_of
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.connectors.changing import How
from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.file_store import FileStore
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.work import work_on_sweep
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, rosa
from tests.fulfillment.changes.by_connector.shop import ANN, LATER, checked, due_now, look, work
from tests.fulfillment.changes.by_connector.test_words_of_others import accept, swept
from tests.fulfillment.changes.shop import approve, fresh, propose, search

pytestmark = pytest.mark.django_db
OWN = {"id": 1, "mail": ANN}
OTHERS = {"id": 2, "mail": "joe@club.example", "note": "Ann Berg owes me"}


@pytest.fixture
def source(tmp_path: Path) -> DataSource:
    """Three files, each with a record of Ann's and one of somebody else's about her."""
    (tmp_path / "days").mkdir()
    for day in (1, 2, 3):
        lines = "".join(f"{json.dumps(row)}\n" for row in (OWN | {"id": day * 10}, OTHERS))
        (tmp_path / "days" / f"{day}.jsonl").write_text(lines)
    described = {"visits": {"glob": "days/*.jsonl", "format": "jsonl"}}
    dataset = {
        "fides_key": "files",
        "name": "Files",
        "meta": {
            "omne": {"files": {"collections": described}, "collections": {"visits": {"erase": "delete"}}}
        },
        "collections": [
            {
                "name": "visits",
                "fields": [
                    {"name": "id", "data_categories": ["user"], "fides_meta": {"primary_key": True}},
                    {"name": "mail", "data_categories": ["user"], "fides_meta": {"identity": "email"}},
                ],
            }
        ],
    }
    return connect_source(
        key="files",
        kind="object_store",
        label="Files",
        settings={"root": f"file://{tmp_path}", "may_change": True},
        map_yaml=yaml.safe_dump({"dataset": [dataset]}),
        by=SYSTEM,
        at=NOON,
    )


def _asked(source: DataSource) -> SubjectRequest:
    """Her deletion, its waiting period over, with the words of others accepted."""
    asked = checked(name="Ann Berg")
    accept(asked, swept(asked, source))
    propose(asked)
    # Words to take out are looked into as well.
    look()
    waits = approve(asked)
    assert begin_deletion(subject_request_id=asked.pk, at=waits.waits_until)
    return fresh(asked)


def _page(asked: SubjectRequest) -> str:
    return signed_in(rosa()).get(f"/staff/requests/{asked.reference}/changes/").content.decode()


def _refuse_second(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced = FileStore.replace

    def replace(self: FileStore, path: str, new: str) -> None:
        if path.endswith("2.jsonl"):
            raise Fatal("The disk is broken.")
        replaced(self, path, new)

    monkeypatch.setattr(FileStore, "replace", replace)


def test_words_of_others_go_with_the_rows_and_the_certificate_counts_them(
    source: DataSource, tmp_path: Path
) -> None:
    asked = work(_asked(source))
    for path in (tmp_path / "days").iterdir():
        assert path.read_text() == json.dumps(OTHERS | {"note": "[removed] owes me"}) + "\n"
    row = SourceChange.objects.select_related("change").get()
    assert row.receipt is not None
    assert {(each.how, each.rows) for each in row.receipt.lines} == {(How.DELETE, 3), (How.REDACT, 3)}
    assert "files: 3 of 3 replaced" in row.change.receipt
    assert "3 of 3 files done" in _page(asked)
    certificate = certificate_of(_looked_again(asked))
    assert certificate is not None
    assert (certificate.words, certificate.words_left, certificate.files) == (3, (), ())
    assert [line.deleted for line in certificate.gone] == [3]


def test_a_change_that_breaks_off_says_one_of_three_and_goes_on_from_there(
    source: DataSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _asked(source)
    _refuse_second(monkeypatch)
    work(asked)
    page = _page(asked)
    assert "1 of 3 files done" in page
    assert "days/2.jsonl" in page
    assert "1 record is erased already and does not come back:" in page
    assert "The change as a whole is not made." in page
    row = SourceChange.objects.select_related("change").get()
    assert (row.receipt, row.change.state) == (None, ChangeState.OPEN)
    assert row.made is not None
    assert [each.state for each in row.made.objects] == ["replaced", "waiting", "waiting"]

    monkeypatch.undo()
    try_again(change_id=row.change_id, by=Actor.staff(rosa()), at=LATER)
    due_now(asked)
    asked = work(asked)
    row.refresh_from_db()
    assert row.receipt is not None
    assert {(each.how, each.rows) for each in row.receipt.lines} == {(How.DELETE, 3), (How.REDACT, 3)}
    assert row.made is None
    assert "3 of 3 files done" in _page(asked)


def test_what_was_given_up_stays_on_the_case_and_on_the_certificate(
    source: DataSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _asked(source)
    _refuse_second(monkeypatch)
    work(asked)
    task = ChangeTask.objects.get(subject_request=asked)
    end_change(
        task_id=task.pk,
        ending=Ending(ChangeState.COULD_NOT, "The disk is gone."),
        by=Actor.staff(rosa()),
        at=LATER,
    )
    monkeypatch.undo()
    asked = fresh(asked)
    assert "1 of 3 files done" in _page(asked)
    certificate = certificate_of(_looked_again(asked))
    assert certificate is not None
    assert [(each.source, each.done, each.total) for each in certificate.files] == [("Files", 1, 3)]
    assert certificate.words == 1
    assert [line.left for line in certificate.left] == [2]


def test_words_that_moved_on_are_left_and_the_certificate_says_so(source: DataSource, tmp_path: Path) -> None:
    asked = _asked(source)
    path = tmp_path / "days" / "2.jsonl"
    path.write_text(path.read_text().replace("owes me", "owes me nothing"))
    work(asked)
    assert "Ann Berg owes me nothing" in path.read_text()
    assert "Words that stay in records of others:" in _page(asked)
    certificate = certificate_of(_looked_again(asked))
    assert certificate is not None
    assert certificate.words == 2
    assert [(each.rows, each.why) for each in certificate.words_left] == [
        (1, "It is not there any more as it was when somebody accepted it, so nothing was taken out of it.")
    ]


def _looked_again(asked: SubjectRequest) -> SubjectRequest:
    """The second search, and the sweep after the change."""
    for row in Sweep.objects.filter(subject_request=asked, work_state=WorkState.WAITING):
        assert work_on_sweep(sweep_id=row.pk, at=LATER) is not None
    if fresh(asked).state in (S.CONFIRMING, S.VERIFYING):
        search(fresh(asked), at=LATER)
    return fresh(asked)
