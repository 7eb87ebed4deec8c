"""A letter is set by a worker, once; whoever waits is told how far it is, and what goes wrong says why."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from requests_app.encryption.errors import StoreFull
from requests_app.encryption.store import current_store
from requests_app.leases.models import WorkState
from requests_app.letters import setting
from requests_app.letters.errors import LetterBeingSet
from requests_app.letters.forget import forget_letters
from requests_app.letters.models import Letter, LetterForm, LetterPdf, PdfStands
from requests_app.letters.selectors import letters_of
from requests_app.letters.setting import GIVE_UP_AFTER, TRY_AGAIN_AFTER, set_pdf, want_pdf
from requests_app.lifecycle.states import RequestState as S
from requests_app.typesetting.errors import LetterNotSet
from tests.factories import NOON, a_request_in
from tests.offered import offered
from tests.setting import now_set, pdf_of_letter, taken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def letter() -> Letter:
    return letters_of(a_request_in(S.IN_REVIEW))[0]


@pytest.fixture
def says_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the setting itself is not what a test is about."""
    monkeypatch.setattr(setting, "pdf_of", lambda html, *, beat: b"%PDF-1.7 test")


def stands(letter: Letter) -> str:
    return Letter.objects.get(pk=letter.pk).pdf_stands


def due_again() -> None:
    LetterPdf.objects.update(next_attempt_at=Now() - timedelta(seconds=1))


def test_nothing_is_set_before_somebody_wants_it(letter: Letter) -> None:
    assert stands(letter) == PdfStands.NOT_WANTED
    with pytest.raises(LetterBeingSet):
        taken(letter, LetterForm.PDF)
    with pytest.raises(LetterBeingSet):
        taken(letter, LetterForm.SIGNED)
    assert taken(letter, LetterForm.TEXT).content
    assert list(current_store().names()) == []


@pytest.mark.usefixtures("says_pdf")
def test_whoever_wants_it_twice_has_it_set_once(letter: Letter) -> None:
    want_pdf(letter, at=NOON)
    want_pdf(letter, at=NOON)
    assert stands(letter) == PdfStands.BEING_SET
    assert set_pdf(letter_id=letter.pk, at=NOON)
    assert not set_pdf(letter_id=letter.pk, at=NOON)
    assert want_pdf(letter, at=NOON) is None
    assert stands(letter) == PdfStands.SET
    assert len(list(current_store().names())) == 1


@pytest.mark.django_db(transaction=True)
def test_who_was_overtaken_leaves_the_bytes_of_the_other_one(letter: Letter, monkeypatch) -> None:
    """The first worker is slow: its lease has passed to another one, who sets the letter meanwhile."""
    want_pdf(letter, at=NOON)

    def slowly(html: str, *, beat: object) -> bytes:
        monkeypatch.setattr(setting, "pdf_of", lambda html, *, beat: b"%PDF-1.7 second")
        LetterPdf.objects.update(leased_until=Now() - timedelta(seconds=1))
        assert set_pdf(letter_id=letter.pk, at=NOON)
        return b"%PDF-1.7 first"

    monkeypatch.setattr(setting, "pdf_of", slowly)
    assert not set_pdf(letter_id=letter.pk, at=NOON)
    assert taken(letter, LetterForm.PDF).content == b"%PDF-1.7 second"


def test_what_cannot_be_set_says_why_and_is_given_up_in_the_end(letter: Letter, monkeypatch) -> None:
    def refused(html: str, *, beat: object) -> bytes:
        raise LetterNotSet("The letter needed more memory than it may have.")

    monkeypatch.setattr(setting, "pdf_of", refused)
    want_pdf(letter, at=NOON)
    for attempt in range(GIVE_UP_AFTER):
        assert stands(letter) == (PdfStands.TRIED_AGAIN if attempt else PdfStands.BEING_SET)
        due_again()
        assert not set_pdf(letter_id=letter.pk, at=NOON)
    assert stands(letter) == PdfStands.GIVEN_UP
    assert "more memory" in LetterPdf.objects.get().last_error
    want_pdf(letter, at=NOON + timedelta(minutes=1))
    assert stands(letter) == PdfStands.GIVEN_UP, "a button that is pressed again and again starts nothing"
    monkeypatch.undo()
    want_pdf(letter, at=NOON + TRY_AGAIN_AFTER * 2)
    assert stands(letter) == PdfStands.BEING_SET
    assert set_pdf(letter_id=letter.pk, at=NOON)


@pytest.mark.usefixtures("says_pdf")
def test_a_store_that_is_full_uses_no_attempt_up(letter: Letter, monkeypatch) -> None:
    def full(_content: bytes) -> None:
        raise StoreFull("No room.")

    want_pdf(letter, at=NOON)
    with monkeypatch.context() as broken:
        broken.setattr(setting, "seal_pdf", full)
        assert not set_pdf(letter_id=letter.pk, at=NOON)
    row = LetterPdf.objects.get()
    assert (row.attempts, row.work_state, row.last_error) == (0, WorkState.WAITING, "No room.")
    due_again()
    assert set_pdf(letter_id=letter.pk, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_is_forgotten_while_it_is_set_leaves_no_key_to_its_file(
    letter: Letter, monkeypatch
) -> None:
    def meanwhile(html: str, *, beat: object) -> bytes:
        forget_letters(subject_request_id=letter.subject_request_id, at=NOON)
        return b"%PDF-1.7 test"

    monkeypatch.setattr(setting, "pdf_of", meanwhile)
    want_pdf(letter, at=NOON)
    assert not set_pdf(letter_id=letter.pk, at=NOON)
    after = Letter.objects.get(pk=letter.pk)
    assert (after.store_name, bytes(after.wrapped_key), after.pdf_set_at) == ("", b"", None)
    assert not LetterPdf.objects.exists()


def test_the_same_bytes_are_handed_out_for_ever(letter: Letter) -> None:
    first = pdf_of_letter(letter)
    assert first == pdf_of_letter(letter)
    assert now_set(letter).pdf_size == len(first)


def test_a_worker_hears_of_it_as_soon_as_it_is_wanted(letter: Letter) -> None:
    with offered() as hints:
        want_pdf(letter, at=NOON)
    assert hints == [("requests_app.set_letter", {"letter_id": str(letter.pk)})]
