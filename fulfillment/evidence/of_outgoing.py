"""Gather what left the house: messages, letters, copies sent to another service, recipients that were told."""

import hashlib
import json

from fulfillment.evidence import outgoing as o
from fulfillment.recipients.models import RecipientLetter
from fulfillment.recipients.selectors import notices_of
from fulfillment.transmissions.models import Sending, Transmission
from fulfillment.transmissions.selectors import transmissions_of
from requests_app.correspondence.models import Message, OutgoingMail
from requests_app.letters.models import Letter
from requests_app.letters.selectors import letters_of
from requests_app.lifecycle.models import SubjectRequest


def messages(asked: SubjectRequest) -> list[o.Message]:
    """Each message to the person and to recipients, by its hash."""
    to_person = Message.objects.filter(subject_request=asked).order_by("written_at", "pk")
    told = RecipientLetter.objects.filter(about__subject_request=asked).order_by("written_at", "pk")
    return [
        *(_message(each, to="person", language=each.language) for each in to_person),
        *(_message(each, to="recipient", language="") for each in told),
    ]


def _message(mail: OutgoingMail, *, to: str, language: str) -> o.Message:
    return o.Message.model_validate(
        {
            "notice": mail.notice,
            "to": to,
            "subject": mail.subject,
            "language": language,
            "written_at": mail.written_at,
            "sent_at": mail.sent_at,
            "state": mail.work_state,
            "message_id": mail.rfc_message_id,
            "text_sha256": _sha256(str(mail.text)),
        }
    )


def letters(asked: SubjectRequest) -> list[o.Letter]:
    """Each letter to the person, by its hashes, with each time somebody took it out."""
    return [_letter(each) for each in letters_of(asked)]


def _letter(row: Letter) -> o.Letter:
    return o.Letter(
        number=row.number,
        kind=row.kind,
        title=row.title,
        language=row.language,
        words_version=row.words_version,
        is_certificate=row.is_certificate,
        written_at=row.written_at,
        text_sha256=row.sha256,
        text_salt=row.content.get("salt", ""),
        text_size=row.size,
        pdf_sha256=row.pdf_sha256,
        pdf_size=row.pdf_size,
        manifest_sha256=_sha256(row.manifest) if row.manifest else "",
        forgotten_at=row.forgotten_at,
        taken_out=[o.Taken(at=each.fetched_at, by=each.by, form=each.form) for each in row.fetches.all()],
    )


def transmissions(asked: SubjectRequest) -> list[o.Transmission]:
    """Each service that was to have the copy, with what it says it received."""
    return [_transmission(each) for each in transmissions_of(asked).order_by("number")]


def _transmission(row: Transmission) -> o.Transmission:
    sending: Sending | None = getattr(row, "sending", None)
    return o.Transmission(
        number=row.number,
        recipient=row.recipient_name,
        address=row.endpoint_sealed,
        known_as=row.known_as,
        state=row.state,
        why=row.why,
        named_at=row.named_at,
        confirmed_at=row.confirmed_at,
        looked_at=row.looked_at,
        certificate=_json(row.certificate),
        decided_at=row.decided_at,
        decided_by=staff(row.decided_by_id),
        reason=row.reason,
        ended_at=row.ended_at,
        sending=_sending(sending) if sending else None,
    )


def _sending(row: Sending) -> o.Sending:
    return o.Sending(
        idempotency_key=str(row.pk),
        bundle=row.bundle.number,
        size=row.size,
        sha256=row.sha256,
        accepted_at=row.accepted_at,
        begun_at=row.begun_at,
        sent_bytes=row.sent_bytes,
        sent_at=row.sent_at,
        receipt=_json(row.receipt),
        receipt_key=row.receipt_key,
        receipt_is_signed=row.receipt_is_signed,
        receipted_at=row.receipted_at,
        their_words=row.their_words,
    )


def told(asked: SubjectRequest) -> list[o.Told]:
    """Each recipient of the data that had to hear of a change (Article 19 GDPR)."""
    return [
        o.Told(
            recipient=each.named,
            change=each.kind,
            attempt=each.attempt,
            written_at=each.written_at,
            told_on=each.told_on,
            by_hand_because=each.by_hand_because,
            ending=each.ending,
            note=each.ending_note,
            ended_at=each.ended_at,
            ended_by=staff(each.ended_by_id),
        )
        for each in notices_of(asked)
    ]


def staff(key: object) -> str:
    """A member of staff, by the key under which the audit log has them; nobody is an empty text."""
    return "" if key is None else str(key)


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True) if content else ""


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
