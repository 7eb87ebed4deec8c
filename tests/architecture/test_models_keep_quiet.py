"""No model says anything of a person when it is printed, logged or put into an error."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Field, Model

from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField

CANARY = "zqx7canary"
OURS = [
    model for label in ("requests_app", "fulfillment") for model in apps.get_app_config(label).get_models()
]
# Of the staff, whose address opens their account.
PERSONAL_PLAIN = {"email", "subject_email_index", "address_index", "recipient_index"}


def _is_personal(field: "Field[Any, Any]") -> bool:
    return isinstance(field, EncryptedTextField | EncryptedJSONField) or field.name in PERSONAL_PLAIN


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_model_says_nothing_of_a_person(model: type[Model]) -> None:
    values = {
        field.name: {"said": CANARY} if isinstance(field, EncryptedJSONField) else CANARY
        for field in model._meta.concrete_fields
        if _is_personal(field)
    }
    row = model(**values)
    assert CANARY not in f"{row!s} {row!r}"


def test_what_a_person_said_is_never_kept_in_the_clear() -> None:
    """Columns named after a person's things are encrypted ones, or keyed hashes."""
    words = ("name", "email", "address", "phone", "answers", "details", "text", "html", "secrets", "note")
    plain = {
        f"{model.__name__}.{field.name}"
        for model in OURS
        if not model._meta.proxy
        for field in model._meta.concrete_fields
        if any(word in field.name.split("_") for word in words)
        and not isinstance(field, EncryptedTextField | EncryptedJSONField)
    }
    assert plain == {
        "StaffMember.email",
        "StaffMember.display_name",
        "SubjectRequest.subject_email_index",
        "MailedCode.address_index",
        "Evidence.store_name",
        "ReceiptFile.store_name",
        "SourceTask.store_name",
        "SourceAnswer.store_name",
        "OwnerUpload.store_name",
        "FoundFile.store_name",
        # Made by us: a number and an ending.
        "FoundFile.name",
        "Bundle.store_name",
        "DoomedFile.store_name",
        "Sending.store_name",
        "Letter.store_name",
        "InboundEmail.store_name",
    }
