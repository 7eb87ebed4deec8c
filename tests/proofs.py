"""Requests that wait for more than a code, and the things that people upload."""

import io
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from requests_app.audit.actors import Actor
from requests_app.identity.base import Material, method
from requests_app.identity.facts import askable
from requests_app.identity.give import give_proof
from requests_app.identity.models import Verification
from requests_app.identity.prove import accept_proof
from requests_app.identity.uploads import checked_file
from requests_app.intake.submit import SubjectDetails
from requests_app.lifecycle.known_rights import right as known_right
from requests_app.lifecycle.models import Asker, Channel, IdentityLevel, SubjectRequest, Submission
from requests_app.lifecycle.perform import Opening, open_request
from tests.factories import NOON, ada_asks

SOON = NOON + timedelta(minutes=5)
POINTS = [each.key for each in askable()]
ANSWERS = dict(zip(POINTS[:3], ("INV-2024-00123", "49.00 in March 2026", "A lost password"), strict=True))
SIGNED = {"declared": "on", "signature": "Ada Åström"}


def by_ada(asked: SubjectRequest) -> Actor:
    """The person herself."""
    return Actor.subject(asked.reference)


def confirmed(asked: SubjectRequest, *, at: datetime = SOON) -> SubjectRequest:
    """The same request, its address confirmed by the code."""
    return accept_proof(subject_request_id=asked.pk, level=IdentityLevel.CHANNEL, by=by_ada(asked), at=at)


def waiting(right: str = "access", place: str = "US-CA", **more: Any) -> SubjectRequest:
    """A request whose address is confirmed and which wants more: access in California wants the highest level."""
    return confirmed(ada_asks(right=right, place=place, **more))


def asked_for_another(who: Asker, *, right: str = "access") -> SubjectRequest:
    """An agent or a guardian asks; nothing is confirmed yet."""
    submission = Submission.objects.create(channel=Channel.WEB, received_at=NOON)
    known_right(right)
    details = SubjectDetails(name="Ada Åström", email="ada@example.org")
    opening = Opening(
        submission=submission,
        right=right,
        regime="eu-gdpr",
        place="PT",
        language="en",
        name=details.name,
        email=details.email,
        asked_by=who,
        asker_name="Olga Other",
        asker_email="olga@example.net",
    )
    return open_request(opening, by=Actor.subject("web"), at=NOON)


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200)) -> bytes:
    """A picture that shows something."""
    drawn = Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 40).convert("RGB")
    sink = io.BytesIO()
    drawn.save(sink, format=kind)
    return sink.getvalue()


def upload(content: bytes | None = None, name: str = "passport.jpg") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, picture() if content is None else content)


def given(asked: SubjectRequest, key: str = "data_match", *, at: datetime = SOON) -> Verification:
    """A proof that Ada gave, to be looked at."""
    sent: dict[str, Any] = {**ANSWERS, **SIGNED, "agreed": "on", "is_guardian": "on"}
    if key == "document":
        material = Material(file=checked_file(upload()))
    else:
        files = {"file": upload()} if key in ("guardian_proof", "agent_mandate") else {}
        form = method(key).person_form(asked, {}, data=sent, files=files)
        assert form.is_valid(), form.errors
        material = method(key).material(form)
    return give_proof(subject_request_id=asked.pk, key=key, material=material, by=by_ada(asked), at=at)


def marks(count: int) -> dict[str, str]:
    """The staff's marks for Ada's answers: so many match."""
    keys = list(ANSWERS)
    return {key: "matches" if index < count else "differs" for index, key in enumerate(keys)}
