"""A copy shows account and card numbers by their end, unless somebody decided that a record goes out as it is."""

import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.selectors import outcome_of
from fulfillment.findings.decisions.decide import decide
from fulfillment.findings.decisions.models import Action, Scope
from fulfillment.findings.decisions.wanted import Wanted
from fulfillment.findings.release.marks import marks_in
from fulfillment.findings.release.numbers import NumbersAtWork
from fulfillment.findings.release.plan import plan_of
from fulfillment.findings.release.released import as_released
from fulfillment.findings.selectors import findings_of
from fulfillment.sources.connect import connect_source
from requests_app.audit.actors import Actor
from requests_app.encryption.files import open_sealed
from requests_app.encryption.store import current_store
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in, rosa
from tests.fulfillment.findings.release.people import LATER, search
from tests.reviewing import finish_review

IBAN, CARD = "DE89 3704 0044 0532 0130 00", 4000001234567890
MAP = """
dataset:
  - fides_key: bank
    name: Bank
    meta:
      omne:
        label: Bank
        owner: Bank team <bank@omne.example>
        collections:
          people:
            label: Your account
            policy: account
            purposes: [provide_services]
            legal_basis: contract
            retention: {rule: "While you are a customer"}
            fields:
              email: {label: E-mail address}
              account: {label: Bank account}
              card: {label: Card}
    collections:
      - name: people
        fields:
          - name: id
            fides_meta: {primary_key: true}
          - name: email
            fides_meta: {identity: email}
          - name: account
            data_categories: [user.financial.bank_account]
          - name: card
            data_categories: [user.financial.credit_card]
"""


def released(record: dict[str, Any], *fields: str) -> dict[str, Any]:
    plan = plan_of([], numbers=frozenset(fields))
    line = json.dumps(record, default=str).encode()
    found = as_released(plan, lambda: [line], row_count=1, mark=marks_in("en"))
    (block,) = found.open_blocks()
    return dict(json.loads(block))


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        (IBAN, "••••0 00"),
        ("DE89370400440532013000", "••••3000"),
        ("4000-0012-3456-7890", "••••7890"),
        (CARD, "••••7890"),
        ("GB33BUKB20201555555555 ", "••••5555 "),
        (["DE89370400440532013000", "cash"], ["••••3000", "cash"]),
    ],
)
def test_the_end_of_a_number_is_shown(held: Any, shown: Any) -> None:
    assert released({"n": held, "other": "DE89370400440532013000"}, "n") == {
        "n": shown,
        "other": "DE89370400440532013000",
    }


@pytest.mark.parametrize(
    "held", [None, "", "PayPal", "Visa 7890", "2026-11-23", "12.50", 12.5, True, 900, "COBADEFFXXX"]
)
def test_what_is_no_number_goes_out_as_it_is(held: Any) -> None:
    assert released({"n": held}, "n") == {"n": held}


def test_numbers_inside_other_values_are_found_by_their_path() -> None:
    record = {"pay": [{"iban": "DE89370400440532013000", "by": "bank"}], "price": 1}
    assert released(record, "pay.iban") == {"pay": [{"iban": "••••3000", "by": "bank"}], "price": 1}


def test_prices_beside_a_number_keep_their_digits() -> None:
    plan = plan_of([], numbers=frozenset({"n"}))
    line = b'{"n":"DE89370400440532013000","price":1.10}'
    found = as_released(plan, lambda: [line], row_count=1, mark=marks_in("en"))
    assert (
        json.loads(next(iter(found.open_blocks())), parse_float=Decimal)["price"].as_tuple()
        == Decimal("1.10").as_tuple()
    )
    assert NumbersAtWork(frozenset()).withholds({}) is False


@pytest.fixture
def asked(db: None, monkeypatch: pytest.MonkeyPatch) -> SubjectRequest:
    """A request whose bank was searched; the seconds that setting a letter takes are spared."""
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: html.encode())
    rows = {"people": [{"id": 1, "email": "ada@example.org", "account": IBAN, "card": CARD}]}
    by = Actor.system("tests")
    connect_source(
        key="bank", kind="in_memory", label="Bank", settings={"rows": rows}, map_yaml=MAP, by=by, at=NOON
    )
    asked = a_request_in(RequestState.FULFILLING)
    search(asked)
    return asked


def parts_of_the_copy(asked: SubjectRequest) -> dict[str, str]:
    finish_review(asked, at=LATER)
    bundle = Bundle.objects.get()
    assert build_bundle(bundle_id=bundle.pk, at=LATER)
    bundle.refresh_from_db()
    sealed = open_sealed(current_store(), name=bundle.store_name, wrapped_key=bytes(bundle.wrapped_key))
    with zipfile.ZipFile(io.BytesIO(sealed.read())) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def test_no_part_of_a_copy_holds_a_number_in_full_and_the_person_is_told_why(asked: SubjectRequest) -> None:
    parts = parts_of_the_copy(asked)
    for name, text in parts.items():
        assert not any(number in text for number in (IBAN, "0532", str(CARD), "400000123456")), name
    assert "••••7890" in parts["data/bank/people.csv"]
    for name in ("index.html", "report.pdf", "data.json"):
        assert "their last four signs" in parts[name], name
    assert outcome_of(Bundle.objects.get()) == Outcome.GRANTED


def test_who_reviews_may_let_a_record_go_out_as_it_is(asked: SubjectRequest) -> None:
    (finding,) = (each.finding for part in findings_of(asked) for each in part.findings)
    include = Wanted(action=Action.INCLUDE, scope=Scope.ITEM, line=1)
    decide(finding_id=finding.pk, wanted=[include], by=Actor.staff(rosa()), at=LATER)
    parts = parts_of_the_copy(asked)
    assert IBAN in parts["data/bank/people.csv"]
    assert "their last four signs" not in parts["index.html"]
