"""Every column that can hold something of a person belongs to a kind of kept thing, which empties or deletes it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models

from requests_app.encryption.fields import SealedField
from requests_app.lifecycle.models import SubjectRequest
from requests_app.retention.base import Kept, Rows, kinds

# Rows that are about the company, its systems or its staff, and why nobody who asks is in them.
OF_NO_PERSON = {
    "requests_app.StaffMember": "staff",
    "requests_app.AuditEntry": "append-only; facts hold no personal data, which the search for the canary proves",
    "requests_app.AuditHead": "a position and a hash",
    "requests_app.AuditAnchor": "a position and a hash, signed",
    "requests_app.AnchorDeposit": "what a place gave in return for an anchor, such as a timestamp",
    "requests_app.ReminderTold": "staff",
    "requests_app.Digest": "staff",
    "requests_app.ReminderSent": "kinds and dates of reminders",
    "requests_app.ClockEventRecord": "types and dates, from which legal dates are computed for ever",
    "requests_app.PurgeRun": "counts",
    "requests_app.Wording": "words of ours for every reader; facts of a person are names in them",
    "requests_app.WordingInUse": "which version of these words is sent",
    "fulfillment.DataSource": "settings of a system",
    "fulfillment.DataMapVersion": "names of tables and columns",
    "fulfillment.MapProposal": "names of tables and columns",
    "fulfillment.SourceBudget": "counts of calls",
    "fulfillment.SourcePlace": "leases",
    "fulfillment.Recipient": "companies that have data from us",
    "fulfillment.FulfillmentRun": "states and dates",
}
OURS = [
    model
    for label in ("requests_app", "fulfillment")
    for model in apps.get_app_config(label).get_models()
    if not model._meta.proxy
] + [Session]
# Of every piece of work: choices and numbers; `last_error` is a sentence of ours, which many kinds empty all the same.
OF_WORK = {"work_state", "last_error"}


def _of_rows(model: type[models.Model]) -> list[Rows]:
    return [part for _key, kind in kinds() for part in kind.rows if part.model is model]


def _goes_by_itself(model: type[models.Model]) -> bool:
    return any(kind.own_day is not None and model in kind.own_day.models for _key, kind in kinds())


def _can_hold_words(field: "models.Field[Any, Any]") -> bool:
    """Sealed, free text, JSON, bytes, a keyed hash; not a choice out of a list of ours, and no key of a row."""
    if field.primary_key or field.is_relation:
        return False
    if isinstance(field, SealedField):
        return True
    kinds_of_words = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return isinstance(field, kinds_of_words) and not field.choices


def _words_of(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields if _can_hold_words(field)}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_whatever_can_hold_words_of_a_person_is_taken_on_by_a_kind(model: type[models.Model]) -> None:
    if model._meta.label in OF_NO_PERSON:
        assert not _of_rows(model)
        return
    if _goes_by_itself(model):
        return
    parts = _of_rows(model)
    assert parts, (
        f"no kind of kept thing takes {model._meta.label} on: add it to one under `retention/kinds/`"
    )
    if any(part.are_deleted for part in parts):
        return
    emptied = {name for part in parts for name in part.empties}
    named = {name for part in parts for name in part.stays}
    loose = _words_of(model) - emptied - named - OF_WORK
    assert not loose, f"{model._meta.label}: nobody empties {sorted(loose)}, or says why it stays"


def test_nothing_sealed_stays() -> None:
    for _key, kind in kinds():
        for part in kind.rows:
            sealed = {
                field.name for field in part.model._meta.concrete_fields if isinstance(field, SealedField)
            }
            assert not sealed & part.stays.keys(), part.model._meta.label


def test_every_list_of_exceptions_is_about_models_that_exist() -> None:
    assert OF_NO_PERSON.keys() <= {model._meta.label for model in OURS}


def _parts() -> Iterator[tuple[str, Kept, Rows]]:
    for key, kind in kinds():
        for part in kind.rows:
            yield key, kind, part


@pytest.mark.parametrize(
    ("key", "part"),
    [(key, part) for key, _kind, part in _parts()],
    ids=lambda each: str(getattr(each, "model", each)),
)
def test_columns_that_a_kind_names_exist_and_lead_to_a_request(key: str, part: Rows) -> None:
    names = {field.name for field in part.model._meta.concrete_fields}
    assert part.empties.keys() | part.stays.keys() <= names
    assert isinstance(part.of([]), models.QuerySet)


def test_each_kind_says_when_and_goes_somewhere() -> None:
    for key, kind in kinds():
        assert kind.stage or kind.own_day, key
        assert bool(kind.rows) <= (kind.stage is not None), key
        assert str(kind.label), key
        assert str(kind.goes).endswith("."), key


def test_the_kinds_are_many_and_one_is_the_request_itself() -> None:
    members = dict(kinds())
    assert len(members) >= 20
    assert any(part.model is SubjectRequest for part in members["request"].rows)
