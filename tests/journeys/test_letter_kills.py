"""A worker that is killed while it sets a letter: another one goes on, and there is one PDF with one hash."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import psutil
import pytest
from django.db.models.functions import Now

from requests_app.letters.models import Letter, LetterForm, LetterPdf, PdfStands
from requests_app.letters.selectors import letters_of
from requests_app.letters.setting import want_pdf
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, a_request_in
from tests.invariants import check_store
from tests.journeys.sweeping import sweep_until
from tests.setting import taken
from tests.worker import RealWorker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.django_db(transaction=True)]
Hire = Callable[..., RealWorker]


def _setting(worker: RealWorker) -> list[psutil.Process]:
    """The processes that set a letter for a worker at this moment."""
    found = []
    for each in worker.processes:
        try:
            found += [each] if "typeset_child" in " ".join(each.cmdline()) else []
        except psutil.NoSuchProcess:
            continue
    return found


def test_killed_while_it_sets_a_letter(hire_worker: Hire) -> None:
    letter = letters_of(a_request_in(S.IN_REVIEW))[0]
    worker = hire_worker()
    want_pdf(letter, at=NOON)
    sweep_until(lambda: bool(_setting(worker)))
    children = _setting(worker)
    for each in children:
        each.suspend()
    worker.kill()
    for each in children:
        each.kill()
    assert Letter.objects.get(pk=letter.pk).pdf_stands == PdfStands.BEING_SET

    LetterPdf.objects.update(leased_until=Now() - timedelta(seconds=1))
    hire_worker()
    sweep_until(lambda: Letter.objects.get(pk=letter.pk).pdf_stands == PdfStands.SET)
    content = taken(letter, LetterForm.PDF).content
    assert hashlib.sha256(content).hexdigest() == Letter.objects.get(pk=letter.pk).pdf_sha256
    assert LetterPdf.objects.get().attempts == 2
    check_store()
