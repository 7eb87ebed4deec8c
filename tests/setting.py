"""Letters set as PDFs at once, where a test is about what comes after."""

from requests_app.letters.fetch import TakenOut, take_out
from requests_app.letters.models import Letter, LetterForm
from requests_app.letters.setting import set_pdf, want_pdf
from tests.factories import NOON, SYSTEM


def now_set(letter: Letter) -> Letter:
    """The letter with its PDF, as a worker leaves it."""
    if want_pdf(letter, at=NOON) is not None:
        assert set_pdf(letter_id=letter.pk, at=NOON)
    return Letter.objects.get(pk=letter.pk)


def pdf_of_letter(letter: Letter) -> bytes:
    """Its PDF, as it is handed out."""
    return taken(now_set(letter), LetterForm.PDF).content


def taken(letter: Letter, form: LetterForm) -> TakenOut:
    """A letter of whichever request, taken out."""
    return take_out(
        subject_request=letter.subject_request, letter_id=letter.pk, form=form, by=SYSTEM, at=NOON
    )
