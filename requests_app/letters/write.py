"""Write a letter: it is sealed with its hash in the transaction of the step that it tells of."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.letters.blocks import Block, to_plain
from requests_app.letters.compose import Said
from requests_app.letters.layout import as_text, letterhead
from requests_app.letters.models import Letter
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.models import SubjectRequest

SYSTEM = Actor.system("letters")


def write_letter(
    kind: str,
    said: Said,
    *,
    subject_request: SubjectRequest,
    at: datetime,
    enclosed: Sequence[Block] = (),
    is_certificate: bool = False,
    by: Actor = SYSTEM,
) -> Letter:
    """Write a letter to the person. `enclosed` is what it says beyond the words of its kind."""
    blocks = (*said.blocks, *enclosed)
    head = letterhead(subject_request, on=day_of(subject_request, at))
    text = as_text(head, said.subject, blocks, language=subject_request.language)
    written = text.encode("utf-8", "replace")
    with transaction.atomic():
        # Numbers follow each other because every step of a request waits for its row.
        SubjectRequest.objects.select_for_update().get(pk=subject_request.pk)
        letter = Letter.objects.create(
            subject_request_id=subject_request.pk,
            number=_last_number(subject_request) + 1,
            kind=kind,
            language=subject_request.language,
            wording=said.wording,
            words_version=said.words_version,
            is_certificate=is_certificate,
            title=said.subject,
            content={
                "reference": subject_request.reference,
                "head": asdict(head),
                "blocks": to_plain(blocks),
                "salt": secrets.token_hex(16),
            },
            text=text,
            sha256=hashlib.sha256(written).hexdigest(),
            size=len(written),
            written_at=at,
        )
        _note(letter, subject_request, by=by)
    return letter


def _note(letter: Letter, subject_request: SubjectRequest, *, by: Actor) -> None:
    seal = seal_of(letter.sha256, letter.content["salt"])
    facts = {"kind": letter.kind, "number": letter.number, "seal": seal}
    record(event="letter.written", target=subject_request, by=by, at=letter.written_at, facts=facts)


def seal_of(digest: str, salt: str) -> str:
    """What the log keeps of a letter: its hash, behind a salt that goes with its words.

    A letter says little that its reader could not guess, and the log is for ever: a bare hash would tell whoever has
    a name in mind that they are right.
    """
    return hashlib.sha256(f"{salt}:{digest}".encode()).hexdigest()


def _last_number(subject_request: SubjectRequest) -> int:
    return (
        Letter.objects.filter(subject_request_id=subject_request.pk).aggregate(last=Max("number"))["last"]
        or 0
    )
