"""A certificate says what was done, what stays and what is not certain, and its title never says more."""

import pytest

from fulfillment.changes.certify.write import NothingToCertify, certify_anew, may_be_certified
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.models import ChangeState, ChangeTask
from requests_app.audit.actors import Actor
from requests_app.errors import NotPermitted
from requests_app.letters.models import Letter
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in, piet, rosa
from tests.fulfillment.changes.shop import STRANGERS, complete, connect, end_all, erasing, now_holds, search

pytestmark = pytest.mark.django_db


def the_certificate(asked: SubjectRequest) -> Letter:
    return Letter.objects.get(subject_request=asked, is_certificate=True)


def deleted(reason: str = "", **left: list[dict[str, object]]) -> SubjectRequest:
    shop = connect(**({"invoices": []} if "invoices" in left else {}))
    asked = erasing()
    end_all(asked)
    now_holds(shop, **{"people": STRANGERS, **left})
    search(asked)
    return complete(asked, reason)


def test_a_deletion_that_keeps_something_says_partial_what_and_why() -> None:
    letter = the_certificate(deleted())
    assert letter.kind == "certificate_erase_partly"
    assert letter.title.startswith("Certificate of partial deletion")
    for said in (
        "1 record was deleted.",
        "Invoices",
        "10 years (tax law)",
        "Art. 17(3)(b)",
        "Hosting providers",
    ):
        assert said in letter.text
    assert "you asked us to delete with your request" not in letter.text


def test_a_deletion_of_everything_says_so() -> None:
    letter = the_certificate(deleted(invoices=[]))
    assert letter.kind == "certificate_erase_full"
    assert "Kept" not in letter.text
    assert "we searched once more" in letter.text


def test_what_is_still_there_is_named_and_where_nothing_went_it_says_so() -> None:
    shop = connect(invoices=[])
    asked = erasing()
    end_all(asked)
    search(asked)
    letter = the_certificate(complete(asked, "The old archive cannot delete."))
    assert shop
    assert letter.kind == "certificate_erase_not_done"
    assert "Not certain to be gone" in letter.text
    assert "The old archive cannot delete." in letter.text
    assert "No record was deleted." in letter.text
    summary = letter.text.partition("Not certain to be gone")[0]
    assert "1 record is still there." in summary


def test_what_a_law_has_kept_says_until_when_in_its_own_column() -> None:
    text = the_certificate(deleted()).text
    assert "Until: 10 years (tax law)" in text


def restricted(ending: Ending) -> SubjectRequest:
    asked = a_request_in(S.EXECUTING)
    for task in ChangeTask.objects.filter(subject_request=asked):
        end_change(task_id=task.pk, ending=ending, by=Actor.staff(rosa()), at=NOON)
    return SubjectRequest.objects.get(pk=asked.pk)


def test_a_restriction_is_certified_as_soon_as_it_holds() -> None:
    letter = the_certificate(restricted(Ending(state=ChangeState.DONE, records_changed=1)))
    assert letter.kind == "certificate_restrict_full"
    assert "Done by hand" in letter.text


def test_what_no_system_could_do_is_not_called_done_and_has_its_reason() -> None:
    ending = Ending(state=ChangeState.COULD_NOT, note="The old archive cannot flag a record.")
    letter = the_certificate(restricted(ending))
    assert letter.kind == "certificate_restrict_not_done"
    assert "Could not be done: The old archive cannot flag a record." in letter.text


def test_a_further_one_is_written_and_the_first_stays() -> None:
    asked = restricted(Ending(state=ChangeState.DONE, records_changed=1))
    first = the_certificate(asked)
    further = certify_anew(subject_request_id=asked.pk, by=Actor.staff(rosa()), at=NOON)
    assert further.number == first.number + 1
    assert Letter.objects.get(pk=first.pk).sha256 == first.sha256
    with pytest.raises(NotPermitted):
        certify_anew(subject_request_id=asked.pk, by=Actor.staff(piet()), at=NOON)


def test_what_was_never_carried_out_is_not_certified() -> None:
    asked = a_request_in(S.REFUSED)
    assert not may_be_certified(asked)
    with pytest.raises(NothingToCertify):
        certify_anew(subject_request_id=asked.pk, by=Actor.staff(rosa()), at=NOON)
