"""The person of the demo who moves to another company: the product's own steps, and its own guard of addresses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from fulfillment.bundles.models import Bundle
from fulfillment.transmissions.models import Transmission
from fulfillment.transmissions.states import TransmissionState as S
from omne_dsar.demo import accounts, moving
from omne_dsar.demo.walk import Walk
from omne_dsar.demo.wren import places
from tests.fulfillment.transmissions.authority import Authority
from tests.fulfillment.transmissions.cast import again, released_move
from tests.fulfillment.transmissions.receiver import OFFER, Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings: Settings, tmp_path: Path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def other_company(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    authority = Authority(tmp_path)
    settings.OUTBOUND_CA_FILE = str(authority.file)
    with Receiver(authority.certify(places.HOST)) as found:
        settings.PORTABILITY_ALLOWED_HOSTS = [found.place]
        monkeypatch.setenv(places.ADDRESS, f"https://{found.place}")
        yield found


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Walk:
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: b"%PDF-1.7 test")
    asked = released_move().subject_request
    staff = accounts.ensure_staff()
    walk = Walk(asked, worker=staff[accounts.ROSA.email], staff=staff)
    walk.at = Bundle.objects.get(subject_request=asked).released_at or walk.at
    return walk


def test_the_copy_waits_for_the_worker_and_one_more_service_for_an_approval(
    walk: Walk, other_company: Receiver
) -> None:
    moving.send_to_wren(walk)
    moving.name_an_old_address(walk)
    first, second = Transmission.objects.order_by("number")
    assert (first.state, second.state) == (S.APPROVED, S.ASKED)
    assert first.certificate["problem"] == ""
    assert other_company.heard == []
    again(first.sending)
    first.refresh_from_db()
    assert (first.state, first.why, first.sending.last_error) == (S.RECEIVED, "", "")
    (offer,) = other_company.calls(OFFER)
    assert offer.said["known_to_you_as"] == moving.KNOWN_AS


def test_without_another_company_nothing_is_named(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(places.ADDRESS, raising=False)
    moving.send_to_wren(walk)
    assert not Transmission.objects.exists()
    assert walk.subject_request.state == "ready"


def test_where_sending_is_switched_off_nothing_is_named(
    walk: Walk, other_company: Receiver, settings: Settings
) -> None:
    settings.PORTABILITY_PUSH = False
    moving.send_to_wren(walk)
    assert not Transmission.objects.exists()
