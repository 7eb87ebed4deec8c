"""A row of a model with a word in every column that is sealed, and a real file in the store where it names one."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils import timezone

from requests_app.audit.actors import Actor
from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField, sealed_fields
from requests_app.encryption.files import create_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name
from requests_app.lifecycle.models import SubjectRequest, Submission
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.retention.base import kinds

# What the database's own rules ask for beside the columns that have no default.
_THEN = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
RULES: dict[str, dict[str, Any]] = {
    "ReviewDecision": {"line": 1},
    # What is open or held keeps its request.
    "FulfillmentRun": {"state": "cancelled"},
    "ChangeTask": {"state": "cancelled", "ended_at": _THEN},
    "ReadBackWork": {"work_state": "cancelled", "stands_at": _THEN},
    "ChangeHold": {"lifted_at": _THEN, "until": _THEN.date()},
    "RecordHold": {"until": _THEN.date()},
    "PurgeHold": {"lifted_at": _THEN},
    "OwnerTask": {"state": "cancelled", "work_state": "done"},
    "InboundEmail": {"work_state": "done", "outcome": "joined"},
    # Nobody is to work on these rows.
    **{
        name: {"work_state": "cancelled"}
        for name in (
            "Message",
            "StaffMail",
            "OwnerMail",
            "RecipientLetter",
            "SourceTask",
            "SourceChange",
            "Sweep",
            "Rehearsal",
            "Bundle",
            "LetterPdf",
        )
    },
}


def sealed_file(content: str) -> tuple[str, bytes]:
    """A file of the store, its name and key."""
    name = new_name()
    key = wrapped_file_key(name=name)
    with create_sealed(current_store(), name=name, wrapped_key=key) as sink:
        sink.write(content.encode())
    return name, key


def rows_of_every_kind(asked: SubjectRequest, word: str) -> list[models.Model]:
    """A row of every model that a kind of kept thing takes on, for a request that is withdrawn then."""
    made = []
    for _key, kind in kinds():
        own = kind.own_day.models if kind.own_day else ()
        missing = (part.model for part in kind.rows if not part.of([asked.pk]).exists())
        made += [row_of(model, asked, word) for model in missing]
        made += [row_of(model, asked, word) for model in own if sealed_fields(model)]
    if not asked.is_closed:
        by, at = Actor.subject(asked.reference), asked.state_since
        perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=by, at=at)
    return made


def row_of(model: type[models.Model], asked: SubjectRequest, word: str, **fixed: Any) -> models.Model:
    """Write such a row for a request; `fixed` are columns that the model's own rules ask for."""
    fixed = {**RULES.get(model.__name__, {}), **fixed}
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in fixed or isinstance(field, models.AutoField):
            continue
        value = _value(field, asked, word)
        if value is not None:
            values[field.name] = value
    if "store_name" in values and "wrapped_key" in {each.name for each in model._meta.concrete_fields}:
        values["store_name"], values["wrapped_key"] = sealed_file(word)
    row = model(**{**values, **fixed})
    row.save(force_insert=True)
    return row


def _value(field: "models.Field[Any, Any]", asked: SubjectRequest, word: str) -> object:
    if isinstance(field, models.ForeignKey):
        return _related(field, asked, word)
    if isinstance(field, EncryptedTextField):
        return word
    if isinstance(field, EncryptedJSONField):
        return {"said": word}
    if field.name == "store_name":
        return "named below"
    return None if field.has_default() or field.null or field.blank else _plain(field)


def _plain(field: "models.Field[Any, Any]") -> object:
    match field:
        case models.DateTimeField():
            return timezone.now()
        case models.DateField():
            return timezone.now().date()
        case models.UUIDField():
            return uuid4()
        case models.CharField():
            return field.choices[0][0] if field.choices else uuid4().hex[: field.max_length or 32]
        case models.IntegerField():
            return 1
    return None


def _related(field: "models.ForeignKey[Any, Any]", asked: SubjectRequest, word: str) -> object:
    target = field.related_model
    if target is SubjectRequest:
        return asked
    if target is Submission and field.null:
        return asked.submission
    if field.null:
        return None
    way = _way_to_the_request(target)
    if way is None:
        return target._default_manager.first() or row_of(target, asked, word)
    return target._default_manager.filter(**{way: asked}).first() or row_of(target, asked, word)


def _way_to_the_request(model: type[models.Model]) -> str | None:
    """The look-up that leads from a row to its request over what it cannot be without, or None."""
    for field in model._meta.concrete_fields:
        target = field.related_model
        if target is SubjectRequest:
            return field.name
        if not isinstance(field, models.ForeignKey) or field.null or not isinstance(target, type):
            continue
        if (rest := _way_to_the_request(target)) is not None:
            return f"{field.name}__{rest}"
    return None
