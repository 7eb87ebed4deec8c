"""Sealed columns open in their own row only, and never give plaintext by accident."""

import uuid

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.core.serializers import serialize
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_app.encryption.blind_index import BlindIndexField, blind_index
from requests_app.encryption.errors import PlaintextRefused, SealBroken, UnfitText
from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField, Sealed, sealed_fields

CANARY = "canary-Zoë-العربية"


class Letter(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = EncryptedTextField(max_length=40)
    nickname = EncryptedTextField(null=True, blank=True)
    answers = EncryptedJSONField(default=dict)
    name_index = BlindIndexField(kind="name", of="name")

    class Meta:
        app_label = "sealed_columns"

    def __str__(self):
        return str(self.id)


@pytest.fixture
def table(db):
    with connection.schema_editor() as editor:
        editor.create_model(Letter)


@pytest.fixture
def letter(table):
    return Letter.objects.create(name=CANARY, answers={"street": CANARY})


def raw(letter, column="name"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM sealed_columns_letter WHERE id = %s", [letter.pk])  # noqa: S608
        return bytes(cursor.fetchone()[0])


def copy_column(source, target, *, column="name", to="name"):
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE sealed_columns_letter SET {to} = (SELECT {column} FROM sealed_columns_letter "  # noqa: S608
            "WHERE id = %s) WHERE id = %s",
            [source.pk, target.pk],
        )


def test_a_saved_value_is_read_back(letter):
    found = Letter.objects.get()
    assert (found.name, found.nickname, found.answers) == (CANARY, None, {"street": CANARY})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    name=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40),
    answers=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=8),
)
def test_any_text_and_any_json_comes_back(table, name, answers):
    letter = Letter.objects.create(name=name, answers=[answers])
    found = Letter.objects.get(pk=letter.pk)
    assert (found.name, found.answers) == (name, [answers])


def test_the_database_holds_no_plaintext(letter):
    assert CANARY.encode() not in raw(letter) + raw(letter, "answers")


def test_a_ciphertext_copied_to_another_row_does_not_open(letter):
    other = Letter.objects.create(name="Bo")
    copy_column(letter, other)
    with pytest.raises(SealBroken):
        _ = Letter.objects.get(pk=other.pk).name


def test_a_ciphertext_copied_to_another_column_does_not_open(letter):
    copy_column(letter, letter, to="nickname")
    with pytest.raises(SealBroken):
        _ = Letter.objects.get().nickname


def test_loading_a_row_does_not_open_it(letter):
    copy_column(letter, Letter.objects.create(name="Bo"))
    assert all(isinstance(row.__dict__["name"], Sealed) for row in Letter.objects.all())


@pytest.mark.parametrize("narrow", [{"only": ("id",)}, {"defer": ("name",)}])
def test_a_deferred_column_opens_when_it_is_read(letter, narrow):
    ((method, columns),) = narrow.items()
    assert getattr(Letter.objects, method)(*columns).get().name == CANARY


def test_refreshing_reads_what_another_writer_saved(letter):
    stale = Letter.objects.get()
    letter.name = "Ada"
    letter.save()
    stale.refresh_from_db()
    assert stale.name == "Ada"


def test_rows_made_in_bulk_are_sealed(table):
    Letter.objects.bulk_create([Letter(name="Ada"), Letter(name="Bo")])
    assert sorted(row.name for row in Letter.objects.all()) == ["Ada", "Bo"]


def test_a_change_inside_a_json_value_is_saved(letter):
    letter.answers["city"] = "Lisboa"
    letter.save()
    assert Letter.objects.get().answers == {"street": CANARY, "city": "Lisboa"}


def test_saving_an_unread_row_keeps_its_ciphertext(letter):
    before = raw(letter)
    Letter.objects.get().save()
    assert raw(letter) == before


def test_values_give_a_seal_that_shows_nothing(letter):
    (value,) = Letter.objects.values_list("name", flat=True)
    assert isinstance(value, Sealed)
    assert repr(value) == str(value) == "<Sealed>"
    assert value.key_id


@pytest.mark.parametrize(
    "attempt",
    [
        lambda letter: Letter.objects.update(name="Ada"),
        lambda letter: Letter.objects.bulk_update([letter], ["name"]),
        lambda letter: serialize("json", [letter]),
    ],
    ids=["update", "bulk_update", "fixture"],
)
def test_ways_around_the_seal_are_refused(letter, attempt):
    with pytest.raises(PlaintextRefused) as refusal:
        attempt(letter)
    assert CANARY not in refusal.value.sentence
    assert "Ada" not in refusal.value.sentence


@pytest.mark.parametrize("lookup", ["name", "name__contains", "name__in"])
def test_a_sealed_column_cannot_be_searched(letter, lookup):
    with pytest.raises(FieldError):
        Letter.objects.filter(**{lookup: CANARY}).exists()


def test_absence_can_be_asked_for(letter):
    assert Letter.objects.filter(nickname__isnull=True).count() == 1


def test_a_row_without_a_key_is_refused():
    with pytest.raises(PlaintextRefused, match="UUID"):
        Letter._meta.get_field("name").context(Letter(id=None))


@pytest.mark.parametrize("text", ["x" * 41, "a\0b"])
def test_too_long_and_nul_are_refused_on_saving_and_in_forms(table, text):
    with pytest.raises(ValidationError):
        Letter(name=text).full_clean()
    with pytest.raises(UnfitText):
        Letter.objects.create(name=text)


def test_the_blind_index_follows_its_column(letter):
    assert Letter.objects.get(name_index=blind_index("name", f" {CANARY.upper()} ")) == letter
    letter.name = "Ada"
    letter.save()
    assert Letter.objects.get(name_index=blind_index("name", "ada")) == letter


def test_the_sealed_columns_of_a_model_are_known():
    assert [field.name for field in sealed_fields(Letter)] == ["name", "nickname", "answers"]


def test_a_table_numbered_by_the_database_is_refused_by_the_checks():
    class Numbered(models.Model):
        id = models.BigAutoField(primary_key=True)
        name = EncryptedTextField(unique=True)

        class Meta:
            app_label = "sealed_columns"

        def __str__(self):
            return ""

    assert {"seal.E001", "seal.E002"} <= {found.id for found in Numbered.check()}


def test_a_row_older_than_a_sealed_column_reads_as_its_default(letter):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sealed_columns_letter SET answers = '' WHERE id = %s", [letter.pk])
    assert Letter.objects.get(pk=letter.pk).answers == {}
