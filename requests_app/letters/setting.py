"""Have a letter set as a PDF: wanted by whoever asks first, done by a worker, once; from then on it stays the same."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from requests_app import signals
from requests_app.encryption.doomed import doom
from requests_app.encryption.errors import StoreAway, StoreFull
from requests_app.leases.held import is_poison, poison_reason
from requests_app.leases.lease import Lease, LeaseLost, paced, take
from requests_app.leases.models import WorkState
from requests_app.leases.revive import back_in_line
from requests_app.letters.models import Letter, LetterPdf
from requests_app.letters.pdf import SealedPdf, gone, html_of, keep_pdf, seal_pdf
from requests_app.typesetting.errors import LetterNotSet
from requests_app.typesetting.typeset import pdf_of

# The child process that sets it is looked at every two seconds, and the lease prolonged.
LEASE = timedelta(seconds=60)
GIVE_UP_AFTER = 5
FIRST_WAIT, WAIT_FOR_ROOM = timedelta(seconds=5), timedelta(minutes=1)
# One that was given up is tried again when somebody wants it, but not at every press of a button.
TRY_AGAIN_AFTER = timedelta(minutes=10)
CUT_OFF = "Setting the letter was cut off several times without leaving a reason. Please look at the worker."


def want_pdf(letter: Letter, *, at: datetime) -> LetterPdf | None:
    """Have the PDF of a letter set; None where it is. Safe to repeat. Raises LetterGone."""
    with transaction.atomic():
        found = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        if not found.is_there:
            raise gone()
        if found.pdf_set_at is not None:
            return None
        setting, _is_new = LetterPdf.objects.get_or_create(letter=found, defaults={"wanted_at": at})
        if setting.work_state == WorkState.DEAD and at - setting.wanted_at > TRY_AGAIN_AFTER:
            back_in_line(setting)
            LetterPdf.objects.filter(pk=setting.pk).update(wanted_at=at)
            setting.refresh_from_db()
        if setting.is_waiting:
            signals.pdf_wanted.send(LetterPdf, setting=setting, at=at)
    return setting


def set_pdf(*, letter_id: UUID | str, at: datetime) -> bool:
    """Set one letter that is wanted. Returns whether it was set now; safe with any number of rivals."""
    lease = take(LetterPdf, letter_id, length=LEASE)
    if lease is None:
        return False
    setting = LetterPdf.objects.select_related("letter").filter(pk=lease.pk).first()
    if setting is None:
        # Forgotten in this very moment.
        return False
    with suppress(LeaseLost):
        if is_poison(lease, setting.last_error):
            with lease.settled():
                lease.give_up(error=poison_reason(setting.last_error, cut_off=CUT_OFF))
            return False
        return _tried(setting.letter, lease, at=at)
    return False


def _tried(letter: Letter, lease: Lease, *, at: datetime) -> bool:
    try:
        sealed = seal_pdf(pdf_of(html_of(letter), beat=paced(lease)))
        return _kept(letter, sealed, lease, at=at)
    except LetterNotSet as trouble:
        with lease.settled():
            if lease.attempt >= GIVE_UP_AFTER:
                lease.give_up(error=trouble.sentence)
            else:
                lease.again(after=FIRST_WAIT * 3 ** (lease.attempt - 1), error=trouble.sentence)
    except (StoreFull, StoreAway) as trouble:
        # Room and store come back without us, so that no attempt is used up.
        with lease.settled():
            lease.write(attempts=F("attempts") - 1)
            lease.again(after=WAIT_FOR_ROOM, error=str(trouble))
    return False


def _kept(letter: Letter, sealed: SealedPdf, lease: Lease, *, at: datetime) -> bool:
    """Whoever comes second finds it set: there is one PDF, with one hash."""
    with transaction.atomic():
        # The letter first, as whoever wants or forgets it does.
        found = Letter.objects.select_for_update(of=("self",)).select_related("subject_request")
        locked = found.get(pk=letter.pk)
        with lease.settled():
            lease.done()
            if locked.is_there and locked.pdf_set_at is None:
                keep_pdf(locked, sealed, at=at)
                return True
            doom([sealed.store_name])
    return False
