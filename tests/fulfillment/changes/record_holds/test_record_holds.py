"""Staff hold single records of a dry run: they stay, with a reason and a last day, and everybody is told."""

from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.by_connector.order import order_of
from fulfillment.changes.certificate import certificate_of
from fulfillment.changes.certify.deletion import deletion_facts
from fulfillment.changes.complete import complete_deletion
from fulfillment.changes.dry_run import dry_run_of
from fulfillment.changes.errors import DeletionHasBegun
from fulfillment.changes.models import ChangeTask
from fulfillment.changes.record_holds.hold import hold_records, lift_record_hold, prolong_record_hold
from fulfillment.changes.record_holds.models import RecordHold
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.connectors.changing import Hold
from fulfillment.findings.models import Finding
from fulfillment.ledger.entries import LedgerEntry, opened_identities
from fulfillment.ledger.shelf import current_shelf
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput
from requests_app.letters.text import text_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.standing_holds import Lasting, hold_family, standing_holds
from requests_app.retention.base import Stage
from requests_app.retention.holds import held_because
from tests.desk import signed_in
from tests.factories import NOON, rosa
from tests.fulfillment.changes import shop as by_hand
from tests.fulfillment.changes.by_connector.shop import (
    LATER,
    checked,
    connect,
    erasing,
    look,
    the_change,
    work,
)
from tests.fulfillment.changes.by_connector.test_kept_fields import searched_again
from tests.fulfillment.changes.shop import approve, fresh, propose
from tests.fulfillment.connectors.sql_changes.shop import Shop

pytestmark = pytest.mark.django_db
WHY = "A court wants it."
UNTIL, LOOK = date(2099, 5, 1), date(2027, 3, 2)
SAYS_UNTIL = {
    "en": "Until: While the hold stands; we look at it again on 2 March 2027 at the latest",
    "de": "Bis: Solange die Sperre besteht; wir prüfen sie spätestens am 2. März 2027 erneut",
}


def _finding(asked: SubjectRequest, collection: str) -> Finding:
    return Finding.objects.get(
        task__run__subject_request=asked, task__run__purpose="search", collection=collection
    )


def _page(asked: SubjectRequest, collection: str) -> str:
    return reverse("changes:record_holds", args=[asked.reference, _finding(asked, collection).pk])


def _hold(
    asked: SubjectRequest, collection: str, *numbers: int, until: date | None = UNTIL
) -> list[RecordHold]:
    return hold_records(
        subject_request_id=asked.pk,
        finding_id=_finding(asked, collection).pk,
        numbers=numbers,
        why=WHY,
        until=until,
        by=Actor.staff(rosa()),
        at=NOON,
    )


def _words(desk: Client, url: str) -> str:
    return " ".join(desk.get(url).content.decode().split())


def test_a_record_is_ticked_in_the_dry_run_and_stays(shop: Shop) -> None:
    connect(shop)
    member = rosa()
    asked, desk = checked(), signed_in(member)
    assert _page(asked, "visits") in _words(desk, reverse("changes:dry_run", args=[asked.reference]))
    assert "Record 2 of 2" in _words(desk, _page(asked, "visits"))
    refused = desk.post(_page(asked, "visits"), {"why": WHY})
    assert refused.status_code == 422
    desk.post(_page(asked, "visits"), {"numbers": ["2"], "why": WHY, "until": UNTIL.isoformat()})
    hold = RecordHold.objects.get()
    assert (hold.why, hold.until, hold.set_by_id) == (WHY, UNTIL, member.pk)

    line = next(each for each in dry_run_of(asked).lines if each.mapped.collection.name == "visits")
    assert (line.to_erase, line.to_keep) == (1, 1)
    words = _words(desk, reverse("changes:dry_run", args=[asked.reference]))
    assert f"1 record on hold: {WHY} Until 1 May 2099." in words
    # What was looked at before is looked at again, with the hold.
    look()
    found = Rehearsal.objects.get(subject_request=asked).preflight
    assert found is not None
    assert [(each.collection, each.rows, each.until) for each in found.kept if each.why == WHY] == [
        ("visits", 1, UNTIL)
    ]

    asked = searched_again(work(erasing(asked)))
    assert shop.rows("select id from visits order by id") == [(int(hold.key["id"]),), (3,)]
    done = complete_deletion(subject_request_id=asked.pk, reason="", by=Actor.staff(rosa()), at=LATER)
    assert done.outcome == "partly"
    certificate = certificate_of(done)
    shown = render_to_string("changes/portal_certificate.html", {"certificate": certificate})
    assert f"1 record. {WHY} Kept until 1 May 2099." in " ".join(shown.split())
    assert not AuditEntry.objects.filter(facts__icontains=WHY).exists()


@pytest.mark.parametrize("language", list(SAYS_UNTIL))
def test_a_hold_without_a_last_day_says_in_the_certificate_when_somebody_looks_again(
    shop: Shop, language: str
) -> None:
    connect(shop)
    asked = checked()
    (hold,) = _hold(asked, "visits", 1, until=None)
    RecordHold.objects.update(look_again_on=LOOK)
    look()
    asked = searched_again(work(erasing(asked)))
    done = complete_deletion(subject_request_id=asked.pk, reason="", by=Actor.staff(rosa()), at=LATER)
    certificate = certificate_of(done)
    shown = render_to_string("changes/portal_certificate.html", {"certificate": certificate})
    assert f"{hold.why} Kept while the hold stands; somebody looks at it again on 2 March 2027" in " ".join(
        shown.split()
    )
    with translation.override(language):
        said = text_of(deletion_facts(certificate, ()))
    assert SAYS_UNTIL[language] in said


def test_the_ledger_names_the_record_by_a_sealed_key(shop: Shop) -> None:
    connect(shop)
    asked = checked()
    (hold,) = _hold(asked, "visits", 1)
    look()
    work(erasing(asked))
    (entry,) = current_shelf().entries()
    (kept,) = entry.kept
    assert (kept.name, kept.why, kept.until) == ("visits", WHY, UNTIL)
    assert dict(opened_identities(kept.sealed, key=entry.key)) == hold.key
    assert entry.hash == entry.expected_hash()


def test_entries_of_whole_collections_keep_the_hash_they_had(shop: Shop) -> None:
    connect(shop)
    work(erasing())
    (entry,) = current_shelf().entries()
    old = entry.model_dump(mode="json") | {"kept": [{"name": "visits", "why": "Tax law."}]}
    read = LedgerEntry.model_validate(old)
    assert read.model_dump(mode="json")["kept"] == [{"name": "visits", "why": "Tax law."}]


def test_a_hold_that_comes_after_the_approval_is_honoured_and_none_after_the_beginning(shop: Shop) -> None:
    connect(shop)
    asked = checked()
    propose(asked)
    approve(asked)
    _hold(asked, "visits", 1, 2)
    with pytest.raises(DeletionHasBegun):
        lift_record_hold(hold_id=RecordHold.objects.first().pk, by=Actor.staff(rosa()), at=NOON)
    assert begin_deletion(subject_request_id=asked.pk, at=fresh(asked).waits_until)
    with pytest.raises(DeletionHasBegun):
        _hold(asked, "invoices", 1)
    work(fresh(asked))
    assert len(shop.rows("select id from visits")) == 3


def test_a_lifted_hold_holds_nothing(shop: Shop) -> None:
    connect(shop)
    asked = checked()
    (hold,) = _hold(asked, "visits", 1)
    member = rosa()
    desk = signed_in(member)
    desk.post(reverse("changes:lift_record_hold", args=[asked.reference, hold.pk]))
    hold.refresh_from_db()
    assert hold.lifted_by_id == member.pk
    look()
    work(erasing(asked))
    assert shop.rows("select id from visits") == [(3,)]


def test_a_held_record_that_the_source_does_not_find_stops_the_change(shop: Shop) -> None:
    connect(shop)
    asked = checked()
    (hold,) = _hold(asked, "visits", 1)
    hold.key = {"id": "0002"}
    hold.save()
    propose(asked)
    look()
    row = Rehearsal.objects.get(subject_request=asked)
    assert "that is on hold was not found there" in row.in_the_way


def test_who_erases_by_hand_reads_which_record_stays_and_the_certificate_says_so() -> None:
    by_hand.connect()
    asked = by_hand.checked_deletion()
    Finding.objects.filter(collection="invoices").update(decision="include")
    (hold,) = _hold(asked, "invoices", 2, until=None)
    propose(asked)
    asked = approve(asked)
    assert begin_deletion(subject_request_id=asked.pk, at=asked.waits_until)
    (task,) = ChangeTask.objects.filter(subject_request=asked)
    (kept,) = task.instructions.keep
    assert (kept.name, kept.key, kept.why) == ("invoices", hold.key, WHY)
    assert {each.name: each.rows for each in task.instructions.collections} == {"people": 1, "invoices": 2}


def test_an_order_carries_the_key_and_the_day(shop: Shop) -> None:
    connect(shop)
    asked = checked()
    (hold,) = _hold(asked, "visits", 1)
    look()
    order = order_of(the_change(erasing(asked)).by_connector)
    assert order.holds == (Hold("visits", WHY, hold.key, UNTIL),)
    assert order.collections.count("visits") == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"why": " "}, "Say why"),
        ({"numbers": ()}, "Choose the records"),
        ({"numbers": (9,)}, "does not say its key"),
        ({"until": date(2020, 1, 1)}, "cannot be over already"),
    ],
)
def test_a_hold_says_which_records_why_and_a_day_to_come(
    shop: Shop, said: dict[str, object], sentence: str
) -> None:
    connect(shop)
    asked = checked()
    given = {"numbers": (1,), "why": WHY, "until": None, **said}
    with pytest.raises(BadInput, match=sentence):
        hold_records(
            subject_request_id=asked.pk,
            finding_id=_finding(asked, "visits").pk,
            by=Actor.staff(rosa()),
            at=NOON,
            **given,  # type: ignore[arg-type]
        )
    assert not RecordHold.objects.exists()


def test_once_the_request_is_closed_a_hold_is_looked_at_again_and_lifted(shop: Shop) -> None:
    connect(shop)
    asked = checked()
    (hold,) = _hold(asked, "visits", 1, until=None)
    look()
    asked = searched_again(work(erasing(asked)))
    by = Actor.staff(rosa())
    with pytest.raises(DeletionHasBegun):
        prolong_record_hold(hold_id=hold.pk, lasting=Lasting(UNTIL), by=by, at=LATER)
    done = complete_deletion(subject_request_id=asked.pk, reason="", by=by, at=LATER)
    years = LATER + timedelta(days=1500)
    (kept,) = held_because([done.pk], Stage.RECORD, at=years).values()
    assert kept.endswith("in Shop: on hold without a last day.")
    prolong_record_hold(hold_id=hold.pk, lasting=Lasting(UNTIL), by=by, at=years)
    (kept,) = held_because([done.pk], Stage.RECORD, at=years).values()
    assert kept.endswith("on hold until 1 May 2099.")
    (standing,) = standing_holds([done.pk], at=years)
    assert (standing.family, standing.why, standing.lasting) == ("records", WHY, Lasting(UNTIL))
    hold_family("records").lift(hold_id=hold.pk, by=by, at=years)
    assert held_because([done.pk], Stage.RECORD, at=years) == {}
    assert standing_holds([done.pk], at=years) == []
