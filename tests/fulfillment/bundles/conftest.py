"""A searched request whose copy is to be built, over a source of lists and a store of its own."""

from datetime import timedelta

import pytest

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.findings.gather import search_source
from fulfillment.runs.finish import finish_run
from fulfillment.sources.connect import connect_source
from requests_app.audit.actors import Actor
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in, rosa
from tests.reviewing import finish_review

LATER = NOON + timedelta(days=1)
MAP = """
dataset:
  - fides_key: shop
    name: Shop
    meta:
      omne:
        label: Shop
        owner: Shop team <shop@omne.example>
        collections:
          people:
            label: Your account
            about: You as the shop knows you.
            policy: account
            purposes: [provide_services]
            legal_basis: contract
            retention: {rule: "While you are a customer"}
            recipients: [hosting]
            fields:
              name: {label: Name}
              email: {label: E-mail address}
              password: {label: Password, secret: true}
          orders:
            label: Orders
            about: What you bought.
            policy: purchases
            purposes: [provide_services, legal]
            legal_basis: legal_obligation
            retention: {rule: "10 years (tax law)", keep: true}
            recipients: [payments]
            fields:
              number: {label: Order}
              item: {label: Item}
    collections:
      - name: people
        fields:
          - name: id
            fides_meta: {primary_key: true}
          - name: name
          - name: email
            fides_meta: {identity: email}
          - name: password
      - name: orders
        fields:
          - name: number
            fides_meta: {primary_key: true}
          - name: person_id
            fides_meta: {references: [{dataset: shop, field: people.id, direction: from}]}
          - name: item
"""
ROWS = {
    "people": [
        {"id": 1, "name": "Ada Åström", "email": "ada@example.org", "password": "canary-hash"},
        {"id": 2, "name": "Bo", "email": "bo@example.org", "password": "canary-other"},
    ],
    "orders": [{"number": n, "person_id": 1 + n % 2, "item": f"canary-item {n}"} for n in range(9)],
}


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    """The store of this test: its files can be counted."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    return tmp_path / "store"


@pytest.fixture
def shop(db):
    """A connected source."""
    by = Actor.system("tests")
    return connect_source(
        key="shop", kind="in_memory", label="Shop", settings={"rows": ROWS}, map_yaml=MAP, by=by, at=NOON
    )


@pytest.fixture
def reviewer(db):
    """Who prepares."""
    return Actor.staff(rosa())


@pytest.fixture
def checked_request(shop):
    """Every source was searched; the findings lie open for review."""
    subject_request = a_request_in(RequestState.FULFILLING)
    run = subject_request.runs.get()
    for task in run.tasks.all():
        assert search_source(task_id=task.pk, at=NOON) is not None
    assert finish_run(run_id=run.pk, at=NOON)
    return subject_request


@pytest.fixture
def waiting_bundle(checked_request, reviewer):
    """The review is over: a copy is to be built."""
    finish_review(checked_request, by=reviewer, at=LATER)
    return Bundle.objects.get(subject_request=checked_request)


@pytest.fixture
def without_letter(monkeypatch):
    """Spare the seconds that setting a PDF takes; the letter has tests of its own."""
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: b"%PDF-1.7 test")


@pytest.fixture
def built_bundle(waiting_bundle, without_letter):
    """The copy is complete and waits for its release."""
    assert build_bundle(bundle_id=waiting_bundle.pk, at=LATER)
    return Bundle.objects.get(pk=waiting_bundle.pk)
