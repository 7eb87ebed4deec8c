"""A deletion from its dry run to its certificate, and what happens where something is left or was not searched."""

from datetime import date, timedelta

import pytest

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.certificate import certificate_of
from fulfillment.changes.compare import Result, compare
from fulfillment.changes.dry_run import dry_run_of, newest_record_on
from fulfillment.changes.errors import ResultNotClean
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask
from fulfillment.findings.store import FindingsLost, lines_of
from fulfillment.findings.withhold import include_finding
from fulfillment.runs.models import SourceTask
from fulfillment.runs.settle import exclude_source
from requests_app.audit.actors import Actor
from requests_app.decisions.cancel import cancel_by_token, cancel_token
from requests_app.decisions.deletion import approve_deletion
from requests_app.decisions.errors import ReferenceMistyped
from requests_app.encryption.store import current_store
from requests_app.lifecycle.errors import MoveNotPermitted
from requests_app.lifecycle.known_rights import headline_of
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, piet, rosa
from tests.fulfillment.changes.shop import (
    APPROVED,
    STRANGERS,
    approve,
    checked_deletion,
    complete,
    connect,
    end_all,
    erasing,
    fresh,
    now_holds,
    propose,
    search,
    waiting,
)

pytestmark = pytest.mark.django_db


def test_from_the_dry_run_to_the_certificate() -> None:
    shop = connect()
    asked = checked_deletion()
    found = dry_run_of(asked)
    assert (found.to_erase, found.to_keep) == (1, 3)
    assert found.reasons == ("A law obliges us to keep these data. (Art. 17(3)(b))",)
    assert found.recipients == ("Hosting providers",)
    assert newest_record_on(found, today=NOON.date()) == date(2026, 11, 2)

    propose(asked)
    due_before = fresh(asked).response_due_on
    asked = approve(asked)
    assert asked.state == S.WAITING_PERIOD
    assert asked.response_due_on == due_before
    assert asked.waits_until == APPROVED + timedelta(days=7)

    assert begin_deletion(subject_request_id=asked.pk, at=asked.waits_until)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    assert [(each.name, each.rows) for each in task.instructions.collections] == [("people", 1)]
    assert [(each.name, each.rows) for each in task.instructions.keep] == [("invoices", 3)]
    end_all(asked)
    assert fresh(asked).state == S.VERIFYING

    now_holds(shop, people=STRANGERS)
    search(asked)
    assert fresh(asked).state == S.CONFIRMING
    comparison = compare(asked)
    assert comparison is not None
    assert comparison.is_clean
    assert {line.name: line.result for line in comparison.lines} == {
        "people": Result.GONE,
        "invoices": Result.KEPT,
    }
    asked = complete(asked)
    assert (asked.state, asked.outcome) == (S.COMPLETED, "partly")
    certificate = certificate_of(asked)
    assert certificate is not None
    assert certificate.count == 1
    (kept,) = certificate.kept
    assert (kept.label, kept.kept, kept.rule) == ("Invoices", 3, "10 years (tax law)")
    assert certificate.left == ()
    assert certificate.not_told == ("Hosting providers",)


def test_the_certificate_names_what_was_not_gone_through_from_end_to_end_and_why() -> None:
    shop = connect()
    asked = erasing()
    end_all(asked)
    now_holds(shop, people=STRANGERS)
    search(asked)
    connect("later", label="Connected since")
    certificate = certificate_of(complete(asked))
    assert certificate is not None
    assert [(gap.source, gap.why) for gap in certificate.gaps] == [
        ("Shop", "it answers only when it is asked about one person, and lists nothing to go through.")
    ]


def test_what_nothing_is_kept_of_is_granted_whole() -> None:
    shop = connect(invoices=[])
    asked = erasing()
    end_all(asked)
    now_holds(shop, people=STRANGERS, invoices=[])
    search(asked)
    assert complete(asked).outcome == "granted"


def test_the_records_are_forgotten_and_their_counts_stay() -> None:
    shop = connect()
    asked = erasing()
    end_all(asked)
    now_holds(shop, people=STRANGERS)
    search(asked)
    files = list(SourceTask.objects.values_list("store_name", flat=True))
    assert all(files)
    complete(asked)
    (first, second) = SourceTask.objects.filter(run__subject_request=asked).order_by("run__number")
    assert {first.store_name, second.store_name} == {""}
    assert {bytes(first.wrapped_key), bytes(second.wrapped_key)} == {b""}
    with pytest.raises(FindingsLost, match="deleted with the request"):
        list(lines_of(first.findings.get(collection="people")))


@pytest.mark.django_db(transaction=True)
def test_the_sealed_files_themselves_are_gone_from_the_store() -> None:
    connect()
    asked = waiting()
    names = list(SourceTask.objects.exclude(store_name="").values_list("store_name", flat=True))
    assert set(names) <= set(current_store().names())
    cancel_by_token(token=cancel_token(asked), at=APPROVED)
    assert not set(names) & set(current_store().names())


def test_whoever_prepared_it_does_not_approve_it_and_the_reference_is_typed() -> None:
    connect()
    asked = checked_deletion()
    propose(asked)
    with pytest.raises(ReferenceMistyped):
        approve_deletion(
            subject_request_id=asked.pk, typed_reference="OM-2222-2222", by=Actor.staff(piet()), at=APPROVED
        )
    prepared = Actor.staff(fresh(asked).reviewed_by)
    with pytest.raises(MoveNotPermitted):
        approve_deletion(
            subject_request_id=asked.pk, typed_reference=asked.reference, by=prepared, at=APPROVED
        )
    typed = asked.reference.lower().replace("-", " ")
    approve_deletion(subject_request_id=asked.pk, typed_reference=typed, by=Actor.staff(piet()), at=APPROVED)
    assert fresh(asked).state == S.WAITING_PERIOD


def test_what_is_left_is_named_and_asked_for_again_only_there() -> None:
    shop, archive = connect(), connect("archive", label="Archive")
    asked = erasing()
    end_all(asked)
    now_holds(shop, people=STRANGERS)
    search(asked)
    comparison = compare(asked)
    assert comparison is not None
    assert [(line.source.key, line.name, line.left) for line in comparison.leftovers] == [
        ("archive", "people", 1)
    ]
    with pytest.raises(ResultNotClean):
        complete(asked)
    perform(
        subject_request_id=asked.pk,
        move=Move.CARRY_OUT_AGAIN,
        by=Actor.staff(rosa()),
        at=NOON + timedelta(days=10),
        reason="The archive still has her.",
    )
    (again,) = ChangeTask.objects.filter(subject_request=asked, state=ChangeState.OPEN)
    assert (again.source_id, again.attempt, again.kind) == (archive.pk, 2, ChangeKind.ERASE)
    end_all(asked)
    now_holds(archive, people=STRANGERS)
    search(asked)
    after = compare(asked)
    assert after is not None
    assert after.is_clean


def test_with_a_reason_it_ends_in_part_and_the_certificate_says_what_is_left() -> None:
    connect(invoices=[])
    asked = erasing()
    end_all(asked, ChangeState.COULD_NOT)
    search(asked)
    asked = complete(asked, "The backup tape is overwritten in May.")
    assert asked.outcome == "partly"
    certificate = certificate_of(asked)
    assert certificate is not None
    assert [(line.label, line.left) for line in certificate.left] == [("Your account", 1)]
    assert certificate.gone == ()
    assert certificate.reason == "The backup tape is overwritten in May."


def test_a_source_that_was_not_searched_again_is_never_called_clean() -> None:
    shop = connect()
    asked = erasing()
    end_all(asked)
    now_holds(shop, fails="fatal", people=STRANGERS)
    search(asked)
    assert fresh(asked).state == S.VERIFYING
    task = SourceTask.objects.get(run__subject_request=asked, run__purpose="verification")
    exclude_source(task_id=task.pk, reason="It is being moved.", by=Actor.staff(rosa()), at=NOON)
    search(asked)
    comparison = compare(asked)
    assert comparison is not None
    assert not comparison.is_clean
    assert {line.result for line in comparison.lines} == {Result.NOT_SEARCHED}
    with pytest.raises(ResultNotClean):
        complete(asked)
    asked = complete(asked, "It is being moved.")
    certificate = certificate_of(asked)
    assert certificate is not None
    assert certificate.gone == ()
    assert certificate.left


def test_a_source_left_out_of_the_dry_run_is_looked_into_by_hand() -> None:
    connect()
    archive = connect("archive", label="Archive")
    now_holds(archive, fails="fatal")
    asked = checked_deletion()
    assert fresh(asked).state == S.FULFILLING
    task = SourceTask.objects.get(run__subject_request=asked, source=archive)
    exclude_source(task_id=task.pk, reason="It is switched off.", by=Actor.staff(rosa()), at=NOON)
    search(asked)
    propose(asked)
    asked = approve(asked)
    begin_deletion(subject_request_id=asked.pk, at=asked.waits_until)
    by_hand = ChangeTask.objects.get(subject_request=asked, source=archive)
    assert by_hand.instructions.unsearched == "It is switched off."


def test_staff_may_decide_against_the_map_and_are_warned() -> None:
    connect()
    asked = checked_deletion()
    (kept,) = [line for line in dry_run_of(asked).lines if line.to_keep]
    include_finding(finding_id=kept.mapped.finding.pk, by=Actor.staff(rosa()), at=NOON)
    found = dry_run_of(asked)
    assert (found.to_erase, found.to_keep) == (4, 0)
    assert [line.mapped.collection.name for line in found.against_the_map] == ["invoices"]


def test_where_nothing_was_found_somebody_still_makes_sure() -> None:
    connect(people=STRANGERS, invoices=[])
    asked = erasing()
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    assert task.source is None
    end_all(asked)
    search(asked)
    ended = complete(asked)
    # Nothing is called deleted that never was there.
    assert (ended.outcome, str(headline_of(ended))) == ("not_changed", "There was nothing to delete")


def test_the_source_that_was_switched_off_since_is_searched_again_all_the_same() -> None:
    shop, archive = connect(), connect("archive", label="Archive")
    asked = erasing()
    end_all(asked)
    archive.enabled = False
    archive.save(update_fields=["enabled"])
    assert fresh(asked).state == S.VERIFYING
    searched = SourceTask.objects.filter(run__subject_request=asked, run__purpose="verification")
    assert {task.source_id for task in searched} == {shop.pk, archive.pk}
