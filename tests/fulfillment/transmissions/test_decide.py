"""Named, confirmed, approved by another, taken back: who may do what, and when."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from fulfillment.bundles.models import Bundle
from fulfillment.retention.kinds.transmissions import KEPT
from fulfillment.runs.models import SourceTask
from fulfillment.tasks import OFFERED
from fulfillment.transmissions.ask import confirm_service, name_service, transmission_of, withdraw_service
from fulfillment.transmissions.decide import (
    approve_service,
    look_at_host,
    note_seen,
    refuse_service,
    send_again,
    why_not_approved,
)
from fulfillment.transmissions.errors import (
    ApproverPrepared,
    NoSuchTransmission,
    NotOffered,
    TransmissionMoved,
    UnfitEndpoint,
)
from fulfillment.transmissions.models import Sending, Transmission
from fulfillment.transmissions.selectors import for_a_person
from fulfillment.transmissions.states import TransmissionState as S
from fulfillment.transmissions.states import Why
from fulfillment.transmissions.stop import drop_old_packages, end_without_copy
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.errors import BadInput, NotPermitted
from requests_app.identity.errors import WrongCode
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Role
from tests.factories import SYSTEM, a_request_in, piet, rosa
from tests.fulfillment.transmissions.authority import Authority
from tests.fulfillment.transmissions.cast import (
    ada,
    approved,
    checked_move,
    confirmed,
    fresh,
    fresh_code,
    named,
    sent,
)
from tests.fulfillment.transmissions.receiver import OFFER, Receiver
from tests.offered import offered

pytestmark = pytest.mark.django_db


def _again(found: Transmission) -> Transmission:
    return Transmission.objects.select_related("subject_request").get(pk=found.pk)


def _case_worker() -> Actor:
    """A case worker, who approves nothing."""
    return Actor.staff(rosa())


def test_nothing_follows_before_the_fresh_code(bundle: Bundle, receiver: Receiver) -> None:
    found = named(bundle.subject_request, receiver.url)
    with pytest.raises(WrongCode):
        confirm_service(
            transmission=found, code="AAAA2222", by=ada(bundle.subject_request), at=timezone.now()
        )
    assert _again(found).state == S.NAMED
    assert not for_a_person().exists()
    with pytest.raises(TransmissionMoved):
        approve_service(transmission_id=found.pk, by=Actor.staff(piet()), at=timezone.now())


def test_a_code_to_download_confirms_nothing(bundle: Bundle, receiver: Receiver) -> None:
    asked = bundle.subject_request
    found, code = named(asked, receiver.url), fresh_code(asked)
    confirm_service(transmission=found, code=code, by=ada(asked), at=timezone.now())
    other = named(asked, receiver.url)
    with pytest.raises(WrongCode):
        confirm_service(transmission=other, code=code, by=ada(asked), at=timezone.now())


def test_a_service_can_be_named_before_the_copy_is_ready_and_is_approved_after(receiver: Receiver) -> None:
    asked = checked_move()
    found = confirmed(asked, receiver.url)
    assert not for_a_person().exists()
    assert "after the release" in str(why_not_approved(found, Actor.staff(piet()), at=timezone.now()))
    with pytest.raises(TransmissionMoved):
        approve_service(transmission_id=found.pk, by=Actor.staff(piet()), at=timezone.now())


def test_naming_anew_replaces_what_was_not_confirmed(bundle: Bundle, receiver: Receiver) -> None:
    first = named(bundle.subject_request, receiver.url)
    second = named(bundle.subject_request, receiver.url)
    assert (_again(first).state, _again(second).state) == (S.WITHDRAWN, S.NAMED)


def test_only_a_request_to_move_goes_elsewhere(db: None, receiver: Receiver) -> None:
    asked = a_request_in(RequestState.IN_REVIEW, right="access")
    with pytest.raises(NotOffered):
        named(asked, receiver.url)


def test_where_it_is_switched_off_the_reason_is_said(
    bundle: Bundle, receiver: Receiver, settings: Settings
) -> None:
    settings.PORTABILITY_PUSH = False
    settings.PORTABILITY_PUSH_OFF_REASON = "Our partner network moves in spring."
    with pytest.raises(NotOffered, match="in spring"):
        named(bundle.subject_request, receiver.url)


def test_a_person_names_no_more_than_ten(bundle: Bundle, receiver: Receiver) -> None:
    for _ in range(10):
        named(bundle.subject_request, receiver.url)
    with pytest.raises(NotOffered, match="10"):
        named(bundle.subject_request, receiver.url)


def test_an_unfit_address_is_not_written_down(bundle: Bundle) -> None:
    asked = bundle.subject_request
    with pytest.raises(UnfitEndpoint):
        name_service(
            subject_request_id=asked.pk,
            name="Sol",
            address="https://127.0.0.1/x",
            known_as="",
            by=ada(asked),
            at=timezone.now(),
        )
    assert not Transmission.objects.exists()


def test_whoever_prepared_the_copy_does_not_let_it_go(bundle: Bundle, receiver: Receiver) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    prepared = SubjectRequest.objects.get(pk=bundle.subject_request_id).reviewed_by
    assert prepared is not None
    both = replace(Actor.staff(prepared), roles=frozenset({Role.CASE_WORKER, Role.APPROVER}))
    with pytest.raises(ApproverPrepared):
        approve_service(transmission_id=found.pk, by=both, at=timezone.now())
    assert not Sending.objects.exists()


def test_only_who_may_release_decides(bundle: Bundle, receiver: Receiver) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    for act in (approve_service, look_at_host, send_again):
        with pytest.raises(NotPermitted):
            act(transmission_id=found.pk, by=_case_worker(), at=timezone.now())
    with pytest.raises(NotPermitted):
        refuse_service(transmission_id=found.pk, reason="No", by=_case_worker(), at=timezone.now())


def test_a_refusal_of_ours_is_told_with_its_reason_on_the_page(bundle: Bundle, receiver: Receiver) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    by = Actor.staff(piet())
    with pytest.raises(BadInput):
        refuse_service(transmission_id=found.pk, reason="  ", by=by, at=timezone.now())
    refuse_service(transmission_id=found.pk, reason="The host is not theirs.", by=by, at=timezone.now())
    assert (_again(found).state, _again(found).reason) == (S.REFUSED, "The host is not theirs.")
    told = Message.objects.get(notice="transmission_ended")
    assert "not handed" in told.text
    assert "host" not in told.text
    with pytest.raises(TransmissionMoved):
        approve_service(transmission_id=found.pk, by=by, at=timezone.now())


def test_the_certificate_of_the_host_is_seen_without_asking_for_a_page(
    bundle: Bundle, receiver: Receiver
) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    look_at_host(transmission_id=found.pk, by=Actor.staff(piet()), at=timezone.now())
    seen = _again(found).certificate
    assert (seen["owner"], seen["issuer"], seen["names"]) == ("Sol Services Ltd", "Tests", ["localhost"])
    assert receiver.heard == []


def test_a_certificate_that_does_not_hold_is_told_as_a_problem(
    bundle: Bundle, authority: Authority, settings: Settings
) -> None:
    with Receiver(authority.certify("localhost", past=True)) as old:
        settings.PORTABILITY_ALLOWED_HOSTS = [old.place]
        found = confirmed(bundle.subject_request, old.url)
        look_at_host(transmission_id=found.pk, by=Actor.staff(piet()), at=timezone.now())
    assert "cannot be reached" in _again(found).certificate["problem"]


def test_taken_back_before_it_is_sent_it_is_not_sent(
    bundle: Bundle, receiver: Receiver, django_capture_on_commit_callbacks
) -> None:
    sending = approved(bundle, receiver.url)
    by = ada(bundle.subject_request)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_service(transmission=sending.transmission, by=by, at=timezone.now())
    found = sent(sending)
    assert (found.transmission.state, found.work_state) == (S.WITHDRAWN, WorkState.CANCELLED)
    assert receiver.heard == []
    with pytest.raises(TransmissionMoved):
        withdraw_service(transmission=found.transmission, by=by, at=timezone.now())


def test_what_was_sent_cannot_be_taken_back(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.answers = {"upload": [(202, {})]}
    found = sent(approved(bundle, receiver.url))
    with pytest.raises(TransmissionMoved, match="sent already"):
        withdraw_service(transmission=found.transmission, by=ada(bundle.subject_request), at=timezone.now())


def test_another_person_sees_nothing_of_it(bundle: Bundle, receiver: Receiver) -> None:
    found = named(bundle.subject_request, receiver.url)
    stranger = a_request_in(RequestState.IN_REVIEW, right="portability", email="mallory@example.org")
    with pytest.raises(NoSuchTransmission):
        transmission_of(stranger.pk, found.pk)


def test_staff_can_have_the_same_package_sent_once_more(bundle: Bundle, receiver: Receiver) -> None:
    receiver.manners.answers = {OFFER: [(403, {})]}
    found = sent(approved(bundle, receiver.url))
    assert list(for_a_person()) == [found.transmission]
    send_again(transmission_id=found.transmission_id, by=Actor.staff(piet()), at=timezone.now())
    again = sent(found)
    assert again.transmission.state == S.RECEIVED
    assert again.sha256 == found.sha256
    assert not for_a_person().exists()


def test_leaving_it_at_that_deletes_what_was_packed(
    bundle: Bundle, receiver: Receiver, store_folder: Path, django_capture_on_commit_callbacks
) -> None:
    receiver.manners.answers = {OFFER: [(403, {})]}
    found = sent(approved(bundle, receiver.url))
    assert (store_folder / found.store_name).exists() or list(store_folder.rglob(found.store_name))
    with django_capture_on_commit_callbacks(execute=True):
        note_seen(transmission_id=found.transmission_id, by=Actor.staff(piet()), at=timezone.now())
    assert not list(store_folder.rglob(found.store_name))
    assert not for_a_person().exists()
    with pytest.raises(TransmissionMoved):
        send_again(transmission_id=found.transmission_id, by=Actor.staff(piet()), at=timezone.now())


def test_with_the_receipt_the_package_goes(
    bundle: Bundle, receiver: Receiver, store_folder: Path, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        found = sent(approved(bundle, receiver.url))
    found = fresh(found)
    assert (found.store_name, bytes(found.wrapped_key)) == ("", b"")
    assert len([each for each in store_folder.rglob("*") if each.is_file() and len(each.name) == 32]) == len(
        {bundle.store_name, *_finding_files()}
    )


def _finding_files() -> set[str]:
    return set(SourceTask.objects.exclude(store_name="").values_list("store_name", flat=True))


def test_a_copy_that_is_taken_back_stops_it(bundle: Bundle, receiver: Receiver) -> None:
    sending = approved(bundle, receiver.url)
    perform(
        subject_request_id=bundle.subject_request_id,
        move=Move.TAKE_BACK,
        by=Actor.staff(piet()),
        at=timezone.now(),
        reason="Wrong person.",
    )
    found = sent(sending)
    assert (found.transmission.state, found.transmission.why) == (S.FAILED, Why.COPY_GONE)
    assert receiver.heard == []


def test_what_was_packed_goes_with_a_copy_that_expires(
    bundle: Bundle, receiver: Receiver, store_folder: Path, django_capture_on_commit_callbacks
) -> None:
    receiver.manners.answers = {OFFER: [(503, {})]}
    found = sent(approved(bundle, receiver.url))
    Bundle.objects.filter(pk=bundle.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert drop_old_packages(at=timezone.now()) == 1
    assert not list(store_folder.rglob(found.store_name))
    assert fresh(found).store_name == ""


def test_a_purge_forgets_with_whom_somebody_does_business(bundle: Bundle, receiver: Receiver) -> None:
    found = sent(approved(bundle, receiver.url))
    KEPT.forget(bundle.subject_request, at=timezone.now())
    row = fresh(found)
    assert (row.transmission.recipient_name, row.transmission.endpoint_sealed) == ("", "")
    assert (row.upload_sealed, row.receipt, row.sha256) == ("", {}, "")
    assert row.transmission.state == S.RECEIVED


def test_what_still_waits_when_the_copy_has_ended_ends_too(bundle: Bundle, receiver: Receiver) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    perform(
        subject_request_id=bundle.subject_request_id,
        move=Move.DELIVER,
        by=SYSTEM,
        at=timezone.now(),
        given={"outcome": Outcome.PARTLY},
    )
    assert end_without_copy(at=timezone.now()) == 0
    Bundle.objects.filter(pk=bundle.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert end_without_copy(at=timezone.now()) == 1
    assert (_again(found).state, _again(found).why) == (S.FAILED, Why.COPY_GONE)
    assert Message.objects.filter(notice="transmission_ended").count() == 1


def test_the_sweep_offers_what_is_due(bundle: Bundle, receiver: Receiver) -> None:
    assert Sending in [model for model, _task, _name in OFFERED]


def test_what_is_let_go_begins_at_once_and_not_with_the_next_sweep(
    bundle: Bundle, receiver: Receiver
) -> None:
    found = confirmed(bundle.subject_request, receiver.url)
    by = Actor.staff(piet())
    with offered() as hints:
        sending = approve_service(transmission_id=found.pk, by=by, at=timezone.now())
    assert hints == [("fulfillment.send_copy", {"sending_id": str(sending.pk)})]
    receiver.manners.answers = {OFFER: [(403, {})]}
    assert sent(sending).transmission.state == S.DECLINED
    with offered() as hints:
        send_again(transmission_id=found.pk, by=by, at=timezone.now())
    assert hints == [("fulfillment.send_copy", {"sending_id": str(sending.pk)})]
