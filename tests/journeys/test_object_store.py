"""The object store is away, or keeps half of what it is given: no copy shows before it is whole, and it comes later."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.runs.models import SourceTask
from fulfillment.sources.models import DataSource
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.lifecycle.states import RequestState
from tests.bucket import Bucket
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, ada_asks, rosa
from tests.invariants import check_invariants, check_store
from tests.journeys.sweeping import make_due, sweep_until, sweep_until_in
from tests.mailbox import Mailbox
from tests.reviewing import finish_review, look_for_others
from tests.sources import connect_shop
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
AWAY = "The file store takes and gives nothing at the moment."
CUT = "The file store kept only a part of a file."


@pytest.fixture
def bucket(settings: Settings, worker_environment: dict[str, str]) -> Iterator[Bucket]:
    """The store of this test, here and in its worker."""
    with Bucket() as bucket:
        settings.STORE_URL, settings.STORE_OPTIONS = f"s3://{bucket.NAME}/files", bucket.options
        worker_environment.update(bucket.environment)
        yield bucket


@pytest.fixture
def staff_pages(transactional_db: None) -> Client:
    return signed_in(rosa())


def _cuts(bucket: Bucket) -> None:
    bucket.cuts = True


def _goes_away(bucket: Bucket) -> None:
    bucket.is_away = True


@pytest.mark.parametrize(
    ("fault", "said"),
    [pytest.param(_goes_away, AWAY, id="503"), pytest.param(_cuts, CUT, id="half an upload")],
)
def test_no_copy_shows_until_the_object_store_has_it_whole(
    fault: Callable[[Bucket], None],
    said: str,
    bucket: Bucket,
    worker: RealWorker,
    mailbox: Mailbox,
    staff_pages: Client,
) -> None:
    connect_shop(orders=300)
    asked = a_request_in(RequestState.FULFILLING)
    sweep_until_in(RequestState.CHECKING, asked)
    look_for_others(asked)
    fault(bucket)
    finish_review(asked, by=Actor.staff(rosa()), at=NOON)
    later = a_request_in(RequestState.FULFILLING)
    copy = Bundle.objects.filter(subject_request=asked)
    sweep_until(copy.filter(last_error__startswith=said, leased_until=None).exists)
    sweep_until(SourceTask.objects.filter(last_error__startswith=said, leased_until=None).exists)

    assert (copy.get().state, copy.get().attempts) == (BundleState.BUILDING, 0)
    assert said in staff_pages.get(f"/staff/requests/{later.reference}/sources/").content.decode()
    assert DataSource.objects.get().failures_in_row == 0, "the source is not to blame"
    newcomer = ada_asks(email="newcomer@example.org")
    assert newcomer.reference in str(mailbox.wait_for("newcomer@example.org")["Subject"])

    bucket.is_away = bucket.cuts = False
    check_invariants(mailbox)
    make_due(SourceTask, Bundle)
    sweep_until_in(RequestState.AWAITING_RELEASE, asked)
    sweep_until_in(RequestState.CHECKING, later)
    assert AuditEntry.objects.filter(event="bundle.built").count() == 1
    check_invariants(mailbox)
    check_store()
