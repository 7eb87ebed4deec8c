"""A field that a kept record rests on stays, and the answer says which, in how many rows, why and until when."""

from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from fulfillment.changes.certificate import Certificate, certificate_of
from fulfillment.changes.compare import Result, compare
from fulfillment.changes.complete import complete_deletion
from fulfillment.sweeps.models import Sweep
from fulfillment.sweeps.work import work_on_sweep
from requests_app.audit.actors import Actor
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.desk import signed_in
from tests.factories import rosa
from tests.fulfillment.changes.by_connector.shop import LATER, connect, erasing, the_change, work
from tests.fulfillment.changes.shop import fresh, read_changes_back, search
from tests.fulfillment.connectors.sql_changes.shop import KEPT, Shop

pytestmark = pytest.mark.django_db
WHY = "The records of “Invoices” that stay rest on it."
PERIOD: dict[str, Any] = {**KEPT["period"], "leans_on": ["people.name"]}  # type: ignore[dict-item]


@pytest.fixture
def asked(shop: Shop) -> SubjectRequest:
    """Ann's deletion: one invoice is too young to go, and needs her name; searched once more."""
    connect(shop, invoices={"retention": KEPT | {"period": PERIOD}})
    return searched_again(work(erasing()))


def searched_again(asked: SubjectRequest) -> SubjectRequest:
    """What workers do after the change until staff may complete it."""
    read_changes_back(asked, at=LATER)
    for row in Sweep.objects.filter(subject_request=asked, work_state=WorkState.WAITING):
        work_on_sweep(sweep_id=row.pk, at=LATER)
    search(fresh(asked), at=LATER)
    return fresh(asked)


def certified(asked: SubjectRequest) -> tuple[Certificate, str]:
    """The certificate, and what the person reads of it."""
    by = Actor.staff(rosa())
    done = complete_deletion(subject_request_id=asked.pk, reason="", by=by, at=LATER)
    certificate = certificate_of(done)
    assert certificate is not None
    shown = {"certificate": certificate, "reference": done.reference}
    return certificate, " ".join(render_to_string("changes/portal_certificate.html", shown).split())


def test_the_comparison_tells_masked_rows_from_deleted_ones_and_names_the_field_that_stays(
    asked: SubjectRequest, shop: Shop
) -> None:
    assert shop.rows("select name from people where id = 1") == [("Ann Berg",)]
    comparison = compare(asked)
    assert comparison is not None
    assert comparison.is_clean
    lines = {line.name: line for line in comparison.lines}
    people, visits = lines["people"], lines["visits"]
    assert (people.result, people.gone, people.emptied, people.masked) == (Result.KEPT, 1, 1, 1)
    (stay,) = people.kept_fields
    assert (stay.fields, stay.rows, stay.why, stay.until) == (("Name",), 1, WHY, date(2035, 12, 31))
    assert (visits.result, visits.gone, visits.emptied, visits.stays) == (Result.GONE, 2, 0, ())


def test_the_person_reads_which_field_stays_why_and_until_when(asked: SubjectRequest) -> None:
    certificate, page = certified(asked)
    assert fresh(asked).outcome == "partly"
    assert {line.label: line.deleted for line in certificate.gone} == {"Invoices": 1, "Visits": 2}
    assert {line.label: line.emptied for line in certificate.emptied} == {"Places": 1, "People": 1}
    assert "3 records were deleted. 2 records stay, with what they said of you taken out." in page
    assert f"Of 1 record: Name. {WHY} Kept until 31 December 2035." in page
    assert "1 record. Tax law. Kept until 31 December 2035." in page
    assert "Part of it is kept; see below." in page


def test_staff_see_on_the_result_what_stays_of_masked_rows(asked: SubjectRequest) -> None:
    page = signed_in(rosa()).get(reverse("changes:result", args=[asked.reference])).content.decode()
    words = " ".join(page.split())
    assert "Masked, and part of it kept" in words
    assert f"Of 1 record: Name. {WHY} Kept until 31 December 2035." in words


def test_the_receipt_in_words_names_the_field_and_the_day(asked: SubjectRequest) -> None:
    assert asked.state == S.CONFIRMING
    said = the_change(asked).receipt
    assert f"people: kept name of 1, until 2035-12-31. {WHY}" in said
    assert "invoices: kept 1, until 2035-12-31. Tax law." in said
    assert "Ann" not in said


def test_the_rule_by_which_a_record_stays_is_said_in_the_words_of_its_reader(shop: Shop) -> None:
    connect(
        shop,
        invoices={"retention": KEPT},
        words={"de": {"Tax law.": "Steuerrecht.", "Invoices": "Rechnungen"}},
    )
    asked = searched_again(work(erasing()))
    with translation.override("de"):
        comparison = compare(asked)
    assert comparison is not None
    (invoices,) = [line for line in comparison.lines if line.name == "invoices"]
    assert (invoices.label, [stay.why for stay in invoices.stays]) == ("Rechnungen", ["Steuerrecht."])
