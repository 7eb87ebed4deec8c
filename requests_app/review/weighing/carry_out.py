"""What a deciding page does with valid answers: each function turns a form into one service call."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.decisions.balancing import (
    Balance,
    decide_review,
    finish_objection,
    name_purposes,
    weigh_purposes,
)
from requests_app.decisions.correction import FieldDecision, decide_fields, grant_correction, name_fields
from requests_app.decisions.lifting import announce_lifting, grant_restriction
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.particulars import FieldToCorrect
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.weighed import THE_DECISION
from requests_app.review.weighing.forms import DecidingForm

CarryOut = Callable[[SubjectRequest, DecidingForm, Actor, datetime], None]


def fields_decided(subject_request: SubjectRequest, form: DecidingForm, by: Actor, at: datetime) -> None:
    """Keep what was decided; carry it out unless it is only kept for later."""
    said = form.cleaned_data
    numbers = range(1, len(form.groups) + 1)
    decisions = [
        FieldDecision(
            each, said[f"decision_{each}"], said.get(f"ground_{each}", ""), said.get(f"note_{each}", "")
        )
        for each in numbers
        if said.get(f"decision_{each}")
    ]
    with transaction.atomic():
        kept = decide_fields(
            subject_request_id=subject_request.pk,
            decisions=decisions,
            by=by,
            at=at,
            expected_version=said["version"],
        )
        if not said["later"]:
            grant_correction(subject_request_id=kept.pk, by=by, at=at, expected_version=kept.version)


def purposes_weighed(subject_request: SubjectRequest, form: DecidingForm, by: Actor, at: datetime) -> None:
    """Keep what was weighed; carry it out unless it is only kept for later."""
    said = form.cleaned_data
    purposes = [group.key.removeprefix("verdict_") for group in form.groups if said.get(group.key)]
    balances = [
        Balance(
            item=each,
            our_side=said[f"our_side_{each}"],
            their_side=said[f"their_side_{each}"],
            conclusion=said[f"conclusion_{each}"],
            verdict=said[f"verdict_{each}"],
            ground=said.get(f"ground_{each}", ""),
        )
        for each in purposes
    ]
    with transaction.atomic():
        kept = weigh_purposes(
            subject_request_id=subject_request.pk,
            balances=balances,
            by=by,
            at=at,
            expected_version=said["version"],
        )
        if not said["later"]:
            finish_objection(subject_request_id=kept.pk, by=by, at=at, expected_version=kept.version)


def decision_reviewed(subject_request: SubjectRequest, form: DecidingForm, by: Actor, at: datetime) -> None:
    """Keep what a person found, and end the review."""
    said = form.cleaned_data
    words = {name: said[name] for name in ("our_side", "their_side", "conclusion", "verdict", "change")}
    decide_review(
        subject_request_id=subject_request.pk,
        balance=Balance(item=THE_DECISION, **words),
        by=by,
        at=at,
        expected_version=said["version"],
        later=said["later"],
    )


def fields_named(subject_request: SubjectRequest, form: DecidingForm, by: Actor, at: datetime) -> None:
    """Write down which fields the person means."""
    rows: list[dict[str, str]] = getattr(form, "named", [])
    name_fields(
        subject_request_id=subject_request.pk,
        fields=[FieldToCorrect.model_validate(row) for row in rows],
        by=by,
        at=at,
        expected_version=form.cleaned_data["version"],
    )


def purposes_named(subject_request: SubjectRequest, form: DecidingForm, by: Actor, at: datetime) -> None:
    """Write down which purposes the person means."""
    name_purposes(
        subject_request_id=subject_request.pk,
        purposes=form.cleaned_data["purposes"],
        by=by,
        at=at,
        expected_version=form.cleaned_data["version"],
    )


def restriction_granted(subject_request: SubjectRequest, form: DecidingForm, by: Actor, at: datetime) -> None:
    """Have the records restricted."""
    said = form.cleaned_data
    grant_restriction(
        subject_request_id=subject_request.pk,
        ground=said["ground"],
        what=said["what"],
        by=by,
        at=at,
        reason=said["reason"],
        expected_version=said["version"],
    )


def lifting_announced(subject_request: SubjectRequest, form: DecidingForm, by: Actor, at: datetime) -> None:
    """Tell the person when and why the restriction ends."""
    said = form.cleaned_data
    announce_lifting(
        subject_request=subject_request,
        on=said["on"],
        reason=said["reason"],
        by=by,
        at=at,
        expected_version=said["version"],
    )


def begun_by_hand(subject_request: SubjectRequest, form: DecidingForm, by: Actor, at: datetime) -> None:
    """Begin what should have begun by itself."""
    version: int = form.cleaned_data["version"]
    perform(subject_request_id=subject_request.pk, move=Move.GRANT, by=by, at=at, expected_version=version)
