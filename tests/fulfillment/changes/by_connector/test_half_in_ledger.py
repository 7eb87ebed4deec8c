"""What became final of a change that ends as "could not" is in the ledger, and a replay redoes that and no more."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.stored import stored
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.models import ChangeState, ChangeTask, Hand
from fulfillment.connectors.changing import ChangeReceipt
from fulfillment.ledger.entries import LedgerEntry
from fulfillment.ledger.shelf import current_shelf
from fulfillment.ledger.verify import verify_ledger
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from tests.contracts.test_changing import RegisterService
from tests.factories import rosa
from tests.fulfillment.changes.by_connector.several import OF_REGISTER, row_of
from tests.fulfillment.changes.by_connector.shop import LATER
from tests.fulfillment.changes.by_connector.strict import Strict, refused_deletion

pytestmark = pytest.mark.django_db(transaction=True)


def _could_not() -> None:
    ending = Ending(ChangeState.COULD_NOT, "They let nobody in any more.")
    end_change(task_id=row_of("register").change_id, ending=ending, by=Actor.staff(rosa()), at=LATER)


def _replay(*words: str) -> list[dict[str, object]]:
    said = StringIO()
    call_command("replay_erasures", "--json", *words, stdout=said)
    return json.loads(said.getvalue())


def _restored(strict: Strict) -> None:
    """The register comes back from a backup of before, and refuses nothing."""
    strict.service, strict.refusal = RegisterService(), 0
    strict.changes.clear()


@pytest.mark.parametrize("made", [1, 2])
def test_a_replay_redoes_the_records_that_were_gone_and_no_other(strict: Strict, made: int) -> None:
    refused_deletion(strict, 403, most=made)
    assert list(current_shelf().entries()) == []
    _could_not()
    (entry,) = current_shelf().entries()
    assert (entry.rows, entry.by_hand, bool(entry.part)) == (made, False, True)
    assert "notes" not in entry.part
    assert verify_ledger().count == 1

    _restored(strict)
    assert [each["found"] for each in _replay("--dry-run")] == [made]
    assert strict.changes == []
    assert [each["erased"] for each in _replay()] == [made]
    assert strict.changes == OF_REGISTER[:made]
    assert [row["id"] for row in strict.service.held["members"]] == [1, 2]
    assert [each["found"] for each in _replay()] == [0]
    assert strict.changes == OF_REGISTER[:made]


def test_where_nothing_was_done_nothing_is_written(strict: Strict) -> None:
    refused_deletion(strict, 403)
    _could_not()
    assert list(current_shelf().entries()) == []


def test_what_nobody_knows_the_end_of_is_named_for_a_person(strict: Strict) -> None:
    refused_deletion(strict, 403)
    row = row_of("register")
    SourceChange.objects.filter(pk=row.pk).update(noted_at=LATER, work_state=WorkState.DEAD)
    row.refresh_from_db()
    row.noted_sealed = stored(ChangeReceipt(()))
    row.save(update_fields=["noted_sealed"])
    ChangeTask.objects.filter(pk=row.change_id).update(hand=Hand.PERSON)
    _could_not()
    (entry,) = current_shelf().entries()
    assert (entry.rows, entry.by_hand, entry.part) == (0, True, "")
    assert [each["by_hand"] for each in _replay()] == [True]


def test_an_entry_of_a_whole_erasure_keeps_the_hash_it_had() -> None:
    said = {"kind": "erasure", "key": "k", "at": LATER.isoformat(), "reference": "OM-1", "number": 1}
    entry = LedgerEntry.model_validate({**said, "previous": "0" * 64}).chained()
    assert "part" not in json.loads(entry.content())
    assert entry.written_under == 0
