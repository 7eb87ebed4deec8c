"""The three connected systems of the demo company, each with its map."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.utils import timezone

from fulfillment.sources.connect import change_settings, connect_source, load_map
from fulfillment.sources.models import DataSource
from omne_dsar.demo.company.load import CHANGER, ERP_DATABASE, READER
from omne_dsar.demo.desk.server import DEMO_TOKEN
from requests_app.audit.actors import Actor

MAPS = Path(__file__).parent / "maps"
SYSTEM = Actor.system("demo")


def connect_sources(reader_password: str) -> int:
    """Connect what is not connected yet; put newer maps and addresses in force. Returns how many."""
    for key, (kind, label, values) in _settings(reader_password).items():
        map_yaml = (MAPS / f"{key}.yaml").read_text(encoding="utf-8")
        known = DataSource.objects.filter(key=key).first()
        if known is None:
            new = {"key": key, "kind": kind, "label": label}
            connect_source(**new, settings=values, map_yaml=map_yaml, by=SYSTEM, at=timezone.now())
            continue
        if known.settings_sealed != values:
            known = change_settings(source=known, settings=values, by=SYSTEM, at=timezone.now())
        load_map(source=known, map_yaml=map_yaml, by=SYSTEM, at=timezone.now())
    return DataSource.objects.count()


def _settings(reader_password: str) -> dict[str, tuple[str, str, Mapping[str, object]]]:
    desk = f"http://127.0.0.1:{settings.DESK_PORT}"
    events = (settings.VAR_DIR / "demo" / "events").resolve()
    return {
        "omne_erp": ("postgresql", "Omne ERP", _erp_settings(reader_password)),
        "omne_desk": ("rest_api", "Omne Desk", {"base_url": desk, "token": DEMO_TOKEN}),
        "product_events": ("object_store", "Product events", {"root": f"file://{events}"}),
    }


def _erp_settings(password: str) -> dict[str, object]:
    return {
        "url": _erp_url(READER),
        "password": password,
        "change_url": _erp_url(CHANGER),
        "change_password": password,
    }


def _erp_url(role: str) -> str:
    """The company's own database, beside ours on the same server, as a role that may only read or only change."""
    ours = urlsplit(settings.DATABASE_URL)
    host = f"{role}@{ours.hostname}:{ours.port or 5432}"
    return urlunsplit(("postgresql", host, f"/{ERP_DATABASE}", "", ""))
