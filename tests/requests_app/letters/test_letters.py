"""A letter is sealed with its step, set once, signed like a bundle, and forgotten with the request."""

import hashlib
import io
import json
import zipfile

import pytest
from django.db import connection
from pypdf import PdfReader

from fulfillment.bundles.verify import verify_bundle
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.notices import Notice
from requests_app.deadlines.events import Topic
from requests_app.decisions.ask import Asking, ask_person
from requests_app.encryption.signing import own_public_key
from requests_app.encryption.store import current_store
from requests_app.letters.errors import LetterGone, NoSuchLetter
from requests_app.letters.fetch import TakenOut, take_out
from requests_app.letters.forget import forget_letters
from requests_app.letters.models import Letter, LetterFetch, LetterForm
from requests_app.letters.selectors import letters_of
from requests_app.letters.setting import want_pdf
from requests_app.letters.write import seal_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, SYSTEM, a_request_in, rosa
from tests.setting import now_set

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def asked() -> SubjectRequest:
    return a_request_in(S.IN_REVIEW, name="Ada <Åström> & Søn")


def taken(subject_request: SubjectRequest, form: LetterForm) -> TakenOut:
    letter = now_set(letters_of(subject_request)[0])
    by = Actor.subject(subject_request.reference)
    return take_out(subject_request=subject_request, letter_id=letter.pk, form=form, by=by, at=NOON)


def test_the_acknowledgement_is_a_letter(asked: SubjectRequest) -> None:
    (letter,) = letters_of(asked)
    message = asked.messages.get(notice=Notice.IDENTITY_CONFIRMED)
    assert (letter.kind, letter.number, letter.title) == (Notice.IDENTITY_CONFIRMED, 1, message.subject)
    for line in filter(None, message.text.split("\n--\n")[0].splitlines()):
        assert line in letter.text
    assert "Ada <Åström> & Søn" in letter.text
    assert hashlib.sha256(letter.text.encode()).hexdigest() == letter.sha256


def test_the_log_holds_no_hash_of_a_letter_that_a_guess_could_be_tried_against(asked: SubjectRequest) -> None:
    (letter,) = letters_of(asked)
    facts = json.loads(AuditEntry.objects.get(event="letter.written").facts)
    assert facts["seal"] == seal_of(letter.sha256, letter.content["salt"])
    assert letter.sha256 not in str(facts)
    forget_letters(subject_request_id=asked.pk, at=NOON)
    after = Letter.objects.values().get(pk=letter.pk)
    assert not {letter.sha256, letter.content["salt"]} & {str(each) for each in after.values()}


def test_codes_are_no_letters(asked: SubjectRequest) -> None:
    assert asked.messages.filter(notice=Notice.CONFIRM_IDENTITY).exists()
    assert not any("[[" in letter.text for letter in letters_of(asked))


def test_what_it_says_is_sealed(asked: SubjectRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {Letter._meta.db_table} t")  # noqa: S608
        stored = str(cursor.fetchall())
    assert "Åström" not in stored


def test_the_question_itself_is_in_the_letter_and_not_in_the_mail(asked: SubjectRequest) -> None:
    asking = Asking(
        topic=Topic.CLARIFICATION, words="Which account do you mean?\n\n- the old one\n- the new one"
    )
    ask_person(subject_request_id=asked.pk, asking=asking, by=Actor.staff(rosa()), at=NOON)
    letter = letters_of(asked).get(kind=Notice.QUESTION_ASKED)
    assert "Which account do you mean?" in letter.text
    assert "Which account" not in asked.messages.get(notice=Notice.QUESTION_ASKED).text


def test_the_pdf_is_set_once_tagged_and_says_the_same(asked: SubjectRequest) -> None:
    content = taken(asked, LetterForm.PDF).content
    assert taken(asked, LetterForm.PDF).content == content
    letter = letters_of(asked)[0]
    assert hashlib.sha256(content).hexdigest() == letter.pdf_sha256
    pdf = PdfReader(io.BytesIO(content))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    text = "".join(page.extract_text() for page in pdf.pages)
    for word in (asked.reference, "Ada <Åström> & Søn", "Page 1 of 1"):
        assert word in text


def test_the_signed_form_is_checked_like_a_bundle(asked: SubjectRequest) -> None:
    content = taken(asked, LetterForm.SIGNED).content
    verdict = verify_bundle(io.BytesIO(content), key=own_public_key())
    assert verdict.is_intact, verdict.sentence
    assert verdict.reference == asked.reference
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("manifest.json"))
    assert manifest["kind"] == Notice.IDENTITY_CONFIRMED
    assert "Åström" not in json.dumps(manifest, ensure_ascii=False)
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(changed, "w") as forged:
        for name in whole.namelist():
            forged.writestr(name, whole.read(name) + (b"!" if name == "letter.txt" else b""))
    assert not verify_bundle(changed, key=own_public_key()).is_intact


def test_each_time_is_recorded_with_its_form_and_nothing_personal(asked: SubjectRequest) -> None:
    taken(asked, LetterForm.TEXT)
    taken(asked, LetterForm.PDF)
    assert set(LetterFetch.objects.values_list("form", flat=True)) == {"text", "pdf"}
    entries = AuditEntry.objects.filter(event="letter.taken_out")
    assert entries.count() == 2
    assert "Ada" not in "".join(entry.facts for entry in entries)


def test_the_letter_of_somebody_else_is_not_there(asked: SubjectRequest) -> None:
    other = a_request_in(S.IN_REVIEW, email="mallory@example.org")
    letter = letters_of(asked)[0]
    with pytest.raises(NoSuchLetter):
        take_out(
            subject_request=other,
            letter_id=letter.pk,
            form=LetterForm.TEXT,
            by=Actor.subject(other.reference),
            at=NOON,
        )
    assert not LetterFetch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_is_forgotten_leaves_its_kind_and_no_hash(asked: SubjectRequest) -> None:
    taken(asked, LetterForm.PDF)
    before = letters_of(asked)[0]
    assert list(current_store().names()) == [before.store_name]
    assert forget_letters(subject_request_id=asked.pk, at=NOON) == 1
    assert forget_letters(subject_request_id=asked.pk, at=NOON) == 0
    after = letters_of(asked)[0]
    assert (after.text, after.title, after.content, bytes(after.wrapped_key)) == ("", "", {}, b"")
    assert (after.sha256, after.pdf_sha256, after.manifest, after.signature) == ("", "", "", "")
    assert (after.kind, after.number, after.pdf_set_at) == (before.kind, before.number, None)
    assert list(current_store().names()) == []
    for form in LetterForm:
        with pytest.raises(LetterGone):
            take_out(subject_request=asked, letter_id=after.pk, form=form, by=SYSTEM, at=NOON)
    with pytest.raises(LetterGone):
        want_pdf(after, at=NOON)
