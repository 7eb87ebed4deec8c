"""`manage.py source`: scriptable, one sentence on error, no secret in sight."""

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fulfillment.connectors.presets import preset
from fulfillment.sources.models import DataSource
from tests.sources import SHOP_MAP, change_shop, connect_shop, shop_rows

pytestmark = pytest.mark.django_db
SECRET = "pw@:/%{secret}"


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("source", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A map and settings as files."""
    (tmp_path / "map.yaml").write_text(SHOP_MAP.format(key="shop"))
    (tmp_path / "settings.json").write_text(json.dumps({"rows": shop_rows()}))
    return tmp_path


def add(files: Path, *more: str, kind: str = "in_memory", settings: str = "settings.json") -> str:
    named = settings if settings == "-" else str(files / settings)
    return run("add", "shop", "--kind", kind, "--map", str(files / "map.yaml"), "--config", named, *more)


def test_adds_a_source(files: Path) -> None:
    assert add(files) == "Shop is connected.\n"
    assert DataSource.objects.get().key == "shop"


def test_of_several_datasets_the_named_one_becomes_the_map_of_the_source(files: Path) -> None:
    other = SHOP_MAP.format(key="other").partition("dataset:\n")[2]
    (files / "map.yaml").write_text(SHOP_MAP.format(key="shop") + other)
    with pytest.raises(CommandError, match=r"Name one \(--dataset\): shop, other"):
        add(files)
    add(files, "--dataset", "other")
    assert DataSource.objects.get().map_in_force.data_map.key == "other"


def test_takes_settings_from_standard_input(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"rows": {}})))
    assert json.loads(add(files, "--json", settings="-")) == {"source": "shop", "label": "Shop"}


@pytest.mark.parametrize(
    ("written", "words"),
    [("[1]", "must be JSON"), ("{", "must be JSON"), (json.dumps({"urll": SECRET}), "The setting url")],
)
def test_settings_that_cannot_be_used_are_a_sentence_without_them(
    files: Path, written: str, words: str
) -> None:
    (files / "settings.json").write_text(written)
    with pytest.raises(CommandError, match=words) as refused:
        add(files, kind="postgresql")
    assert SECRET not in str(refused.value)


def test_files_that_are_not_there_are_sentences(files: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        add(files, settings="gone.json")
    (files / "map.yaml").unlink()
    with pytest.raises(CommandError, match="there is no such file"):
        add(files)


def test_checks_one_source_or_all() -> None:
    connect_shop("a")
    connect_shop("b")
    assert run("check", "a") == "a: The source answers.\n"
    assert len(run("check").splitlines()) == 2


def test_a_check_that_fails_says_why_and_ends_with_an_error() -> None:
    change_shop(connect_shop(), rows={})
    out = io.StringIO()
    with pytest.raises(CommandError, match="cannot be searched as it is"):
        call_command("source", "check", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert (said["source"], said["ok"]) == ("shop", False)
    assert "The map names" in said["sentence"]


def test_an_unknown_source_is_a_sentence() -> None:
    with pytest.raises(CommandError, match="No source is called “gone”"):
        run("check", "gone")


def test_lists_sources_without_their_settings() -> None:
    connect_shop("a")
    assert "a " in run("list")
    listed: list[dict[str, Any]] = json.loads(run("list", "--json"))
    assert [(each["key"], each["kind"], each["map"]) for each in listed] == [("a", "in_memory", 1)]
    assert "ada@example.org" not in run("list", "--json")


def test_lists_the_presets_and_writes_the_map_of_one() -> None:
    assert "stripe       Stripe" in run("presets")
    listed = {each["name"]: each for each in json.loads(run("presets", "--json"))}
    assert listed["stripe"]["described"].startswith("github.com/stripe/openapi@")
    assert run("presets", "stripe") == preset("stripe").text
    assert set(json.loads(run("presets", "zendesk", "--config"))) == {"base_url", "user", "password"}
    with pytest.raises(CommandError, match="no preset called “gone”"):
        run("presets", "gone")


def test_adds_a_source_from_a_preset(files: Path) -> None:
    (files / "settings.json").write_text(json.dumps({"token": SECRET}))
    assert run("add", "pay", "--preset", "stripe", "--config", str(files / "settings.json")) == (
        "Stripe is connected.\n"
    )
    source = DataSource.objects.get()
    assert (source.kind, source.settings_sealed["base_url"]) == ("rest_api", "https://api.stripe.com")
    assert source.map_in_force.yaml == preset("stripe").text


def test_a_preset_whose_address_has_parts_to_fill_in_wants_it(files: Path) -> None:
    (files / "settings.json").write_text(json.dumps({"user": "a/token", "password": SECRET}))
    with pytest.raises(CommandError, match="The setting base_url"):
        run("add", "desk", "--preset", "zendesk", "--config", str(files / "settings.json"))


@pytest.mark.parametrize("words", [("--kind", "rest_api", "--preset", "stripe"), ("--kind", "rest_api"), ()])
def test_a_source_has_either_a_preset_or_a_kind_and_a_map(files: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"--kind and --map"):
        run("add", "pay", *words, "--config", str(files / "settings.json"))


def test_says_how_many_may_ask_a_source_at_once() -> None:
    connect_shop("shop")
    assert run("limit", "shop", "3") == "Shop: at most 3 at once.\n"
    assert DataSource.objects.get().most_at_once == 3
    assert json.loads(run("limit", "shop", "none", "--json")) == {"source": "shop", "most_at_once": None}
    for wrong in ("0", "-1", "many", "1000"):
        with pytest.raises(CommandError, match="a number from 1 to 999"):
            run("limit", "shop", wrong)


@contextmanager
def given(content: bytes) -> Iterator[int]:
    """A pipe from which the content is read."""
    out, into = os.pipe()
    os.write(into, content)
    os.close(into)
    try:
        yield out
    finally:
        os.close(out)


@pytest.fixture
def erp(files: Path) -> DataSource:
    """A source with a password."""
    (files / "settings.json").write_text(json.dumps({"url": "postgresql://db.example/x", "password": "old"}))
    add(files, kind="postgresql")
    return DataSource.objects.get()


def test_replaces_a_secret_that_a_file_descriptor_gives(erp: DataSource) -> None:
    with given(f"{SECRET}\n".encode()) as descriptor:
        said = run("secret", "shop", "password", "--fd", str(descriptor))
    assert said == "Shop: password was replaced. See that it works: manage.py source check shop\n"
    erp.refresh_from_db()
    assert erp.settings_sealed["password"] == SECRET


def test_replaces_a_secret_from_standard_input(erp: DataSource) -> None:
    before = os.dup(0)
    with given(SECRET.encode()) as descriptor:
        os.dup2(descriptor, 0)
        try:
            said = run("secret", "shop", "password", "--json")
        finally:
            os.dup2(before, 0)
            os.close(before)
    assert json.loads(said) == {"source": "shop", "replaced": "password"}
    erp.refresh_from_db()
    assert erp.settings_sealed["password"] == SECRET


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\n", "is empty"),
        (b"\xff\xfe", "must be text in UTF-8"),
    ],
)
def test_a_secret_that_is_none_is_a_sentence(erp: DataSource, content: bytes, words: str) -> None:
    with given(content) as descriptor, pytest.raises(CommandError, match=words):
        run("secret", "shop", "password", "--fd", str(descriptor))


def test_more_than_any_secret_is_refused(erp: DataSource, tmp_path: Path) -> None:
    (tmp_path / "much").write_bytes(b"x" * 100_001)
    with (tmp_path / "much").open() as much, pytest.raises(CommandError, match="longer than 100,000 bytes"):
        run("secret", "shop", "password", "--fd", str(much.fileno()))


def test_a_descriptor_that_gives_nothing_is_a_sentence(erp: DataSource) -> None:
    for number in ("987", "-3"):
        with pytest.raises(CommandError, match=f"File descriptor {number} is not open for reading"):
            run("secret", "shop", "password", f"--fd={number}")
