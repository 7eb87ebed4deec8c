"""Columns whose content is sealed with AES-256-GCM for one place only: this table, this column, this row.

The database holds key id, nonce and ciphertext; the additional data is "table.column:row pk", so a ciphertext
copied to another row or column does not open. The value is opened when the attribute is read, not when the
row is loaded. Rows need a key before they are written: give the model a client-made UUID. `values()` and
expressions yield `Sealed` objects, `update()` and `bulk_update()` of such a column are refused, and so is
every look-up but `isnull`.
"""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import checks
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from requests_app.encryption.errors import PlaintextRefused, UnfitText
from requests_app.encryption.keys import seal, sealing_key_id, unseal

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


class Sealed:
    """A ciphertext as the database holds it; shows nothing of itself."""

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return "<Sealed>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.content)

    @property
    def key_id(self) -> str:
        """The id of the master key that sealed it."""
        return sealing_key_id(self.content)


class SealedAttribute(DeferredAttribute):
    """Opens the value of one row when it is read, and keeps it open on that instance."""

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = instance.__dict__.get(self.field.attname, self)
        if value is self:
            value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.opened(value, instance)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(_Field):
    """What the sealed columns share; subclasses say how a value becomes bytes and back."""

    descriptor_class = SealedAttribute
    empty_strings_allowed = False

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[Any]:
        found = super().check(**kwargs)
        if self.primary_key or self.unique or self.db_index:  # type: ignore[attr-defined]
            found.append(
                checks.Error("A sealed column cannot be a key, unique or indexed.", obj=self, id="seal.E001")
            )
        if isinstance(self.model._meta.pk, models.AutoField):
            found.append(
                checks.Error("Sealed columns need rows with client-made keys.", obj=self, id="seal.E002")
            )
        return found

    def encoded(self, value: Any) -> bytes:
        """The plaintext bytes of a value."""
        raise NotImplementedError

    def decoded(self, plaintext: bytes) -> Any:
        """The value of plaintext bytes."""
        raise NotImplementedError

    def context(self, instance: models.Model) -> str:
        """Where a value of this row is sealed to."""
        if instance.pk is None:
            raise PlaintextRefused(
                "A sealed value needs a row with a key: give the row its UUID before saving."
            )
        return f"{self.model._meta.db_table}.{self.column}:{instance.pk}"

    def opened(self, value: Sealed, instance: models.Model) -> Any:
        """The value sealed for this row; a row older than the column holds no bytes, which stand for the default."""
        if value.content == b"":
            return self.get_default()
        return self.decoded(unseal(value.content, context=self.context(instance)))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        return Sealed(seal(self.encoded(value), context=self.context(model_instance)))

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None or isinstance(value, Sealed):
            return value
        raise PlaintextRefused(
            f"{self.model._meta.db_table}.{self.column} is sealed: write it through the row's save()."
        )

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        # A migration that adds the column fills it with one value for all rows, which cannot be sealed to each.
        if self.has_default() and not isinstance(value, Sealed) and value == self.get_default():
            value = Sealed(b"")
        return super().get_db_prep_save(value, connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return connection.Database.Binary(value.content) if isinstance(value, Sealed) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        raise PlaintextRefused("Sealed columns are not written to fixtures: back up the database instead.")


class EncryptedTextField(SealedField):
    """Text, sealed; `max_length` counts characters of the plaintext."""

    description = "Sealed text"
    empty_strings_allowed = True
    if TYPE_CHECKING:
        _pyi_private_set_type: str
        _pyi_private_get_type: str

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.validators.append(ProhibitNullCharactersValidator())
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def encoded(self, value: Any) -> bytes:
        text = str(value)
        if "\0" in text:
            raise UnfitText(
                "The text holds a character that cannot be stored. Type it again instead of pasting it."
            )
        if self.max_length is not None and len(text) > self.max_length:
            raise UnfitText(f"The text is too long: at most {self.max_length:,} characters.")
        return text.encode("utf-8", "surrogatepass")

    def decoded(self, plaintext: bytes) -> str:
        return plaintext.decode("utf-8", "surrogatepass")

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Sealed) else str(value)

    def formfield(self, **options: Any) -> Any:
        widget = {} if self.max_length and self.max_length <= 400 else {"widget": forms.Textarea}
        return super().formfield(
            **{"max_length": self.max_length, "form_class": forms.CharField} | widget | options
        )


class EncryptedJSONField(SealedField):
    """A JSON value, sealed."""

    description = "Sealed JSON"
    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def encoded(self, value: Any) -> bytes:
        text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")

    def decoded(self, plaintext: bytes) -> Any:
        return json.loads(plaintext.decode("utf-8", "surrogatepass"))

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": forms.JSONField} | options)


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    """The sealed columns of a model (for key rotation and for the canary test)."""
    return [field for field in model._meta.local_fields if isinstance(field, SealedField)]
