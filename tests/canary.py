"""A word that stands in every personal field, and the search for it wherever it must not be."""

import base64
import io
import json
import zipfile
from collections.abc import Collection, Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import redis
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from requests_app.encryption.fields import sealed_fields
from requests_app.encryption.files import open_sealed
from requests_app.encryption.orphans import models_with_files
from requests_app.encryption.store import current_store

WORD = "zqx7canary"
EMAIL = f"{WORD}.ada@example.org"
# Where no word can stand.
PHONE = "+35196417709"


def _as_base64(word: bytes) -> Iterator[bytes]:
    """How a word looks inside base64, wherever it begins."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + word)
        yield encoded[4 if offset else 0 : -4]


NEEDLES = tuple(
    needle
    for word in (WORD.encode(), PHONE.removeprefix("+").encode())
    for needle in (word, word.hex().encode(), *_as_base64(word))
)


def holds(content: bytes | str) -> bool:
    """Whether the word is there: plain, in any letter case, escaped for a URL, as hex or as base64."""
    raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
    plain = unquote(raw.decode("latin-1")).lower().encode("latin-1", "replace")
    return WORD.encode() in plain or any(needle in raw for needle in NEEDLES)


def in_database() -> list[str]:
    """Every table with a row that holds the word in the clear."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT whole::text FROM {connection.ops.quote_name(table)} AS whole")  # noqa: S608
            if any(holds(text) for (text,) in cursor.fetchall()):
                found.append(table)
        cursor.execute("SELECT value FROM shared_cache")
        found += [
            "shared_cache (decoded)" for (value,) in cursor.fetchall() if holds(base64.b64decode(value))
        ]
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    found += [
        "django_session (decoded)"
        for session in Session.objects.all()
        if holds(json.dumps(store.decode(session.session_data), default=str))
    ]
    return sorted(set(found))


def unsealed() -> dict[str, int]:
    """How many rows of each table hold the word in what our keys open."""
    found: dict[str, int] = {}
    models = [
        each for label in ("requests_app", "fulfillment") for each in apps.get_app_config(label).get_models()
    ]
    for model in models:
        for row in model._default_manager.all() if not model._meta.proxy else ():
            if any(holds(str(getattr(row, field.name))) for field in sealed_fields(model)):
                found[model._meta.label] = found.get(model._meta.label, 0) + 1
    return found


def in_opened_files() -> dict[str, int]:
    """How many files that a row of each table names hold the word once our keys have opened them."""
    found: dict[str, int] = {}
    for model in (each for each in models_with_files() if hasattr(each, "wrapped_key")):
        for row in model._default_manager.exclude(store_name=""):
            key = bytes(row.wrapped_key)
            with open_sealed(current_store(), name=row.store_name, wrapped_key=key) as opened:
                if holds_somewhere(b"".join(opened.chunks())):
                    found[model._meta.label] = found.get(model._meta.label, 0) + 1
    return found


def keys_in_database(keys: Collection[str]) -> list[str]:
    """Every table with a row that holds one of these, by which somebody could ask for whom they stand."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT whole::text FROM {connection.ops.quote_name(table)} AS whole")  # noqa: S608
            if any(each in text for (text,) in cursor.fetchall() for each in keys):
                found.append(table)
    return found


def in_lines(log: str) -> list[str]:
    """The lines of a log that hold the word; of a mail server inside the test nobody speaks."""
    return [line for line in log.splitlines() if holds(line) and "mail.log" not in line]


def in_broker(broker: redis.Redis) -> list[str]:
    """Every key of every kind whose name or content holds the word."""
    return [
        name.decode("latin-1")
        for name in broker.scan_iter()
        if holds(name) or holds(content_of(broker, name))
    ]


def content_of(broker: redis.Redis, name: bytes) -> bytes:
    """What a key of the broker holds, the bodies of messages decoded."""
    match broker.type(name):
        case b"list":
            parts = broker.lrange(name, 0, -1)
        case b"hash":
            parts = [part for pair in broker.hgetall(name).items() for part in pair]
        case b"set":
            parts = list(broker.smembers(name))
        case b"zset":
            parts = broker.zrange(name, 0, -1)
        case b"stream":
            parts = [part for _key, entry in broker.xrange(name) for pair in entry.items() for part in pair]
        case _:
            parts = [broker.get(name) or b""]
    # Kombu wraps the body of a message in base64 inside JSON.
    return b"\n".join([*parts, *(_bodies(part) for part in parts)])


def _bodies(part: bytes) -> bytes:
    try:
        message = json.loads(part)
        envelope = message[0] if isinstance(message, list) else message
        return base64.b64decode(envelope["body"])
    except (ValueError, KeyError, TypeError):
        return b""


def holds_somewhere(content: bytes) -> bool:
    """Whether the word is in a file of ours, also inside the parts of an archive."""
    if not content.startswith(b"PK"):
        return holds(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(holds(archive.read(name)) for name in archive.namelist())


def in_pages_of(folder: Path) -> list[str]:
    """Every file of a database server that holds the word in the clear, with what it wrote and has dropped since."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if any(needle in path.read_bytes() for needle in NEEDLES)]


def in_folder(folder: Path) -> list[str]:
    """Every file below a folder whose name or content holds the word."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if holds(str(path.relative_to(folder))) or (path.is_file() and holds(path.read_bytes()))
    ]
