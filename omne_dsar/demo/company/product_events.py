"""Product events as files by day: a person is a few lines in millions of bytes."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from omne_dsar.demo.company import cast
from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.entities import Device
from omne_dsar.demo.company.phrases import FEATURES, NETWORKS, PAGES, USER_AGENTS
from omne_dsar.demo.company.world import World

Event = dict[str, Any]
DAYS = 30
KINDS: dict[str, tuple[str, str, float]] = {
    # collection: folder, file, events per device and day
    "page_views": ("usage", "page_views.jsonl", 0.42),
    "feature_use": ("usage", "feature_use.parquet", 0.18),
    "device_reports": ("device", "device_reports.parquet", 0.15),
    "positions": ("location", "positions.parquet", 0.12),
    "web_log": ("logs", "web_log.jsonl", 0.30),
    "cookies": ("cookies", "cookies.jsonl", 0.10),
}


def write_event_files(folder: Path, world: World) -> None:
    """Write each kind of event of each day into a file of its own."""
    weights = [_weight(device) for device in world.devices]
    for kind, (subject, file, per_device) in KINDS.items():
        chance = world.chance(f"events {kind}")
        for days in range(DAYS, 0, -1):
            start = datetime.combine((world.as_of - timedelta(days=days)).date(), time(), UTC)
            target = folder / subject / start.date().isoformat() / file
            target.parent.mkdir(parents=True, exist_ok=True)
            count = chance.count(per_device * len(world.devices))
            devices = chance.choices(world.devices, weights, k=count)
            moments = sorted(start + timedelta(seconds=chance.between(0, 86_399)) for _ in devices)
            events = (MAKERS[kind](chance, device, at) for device, at in zip(devices, moments, strict=True))
            _write(target, events)


def write_forgotten_files(folder: Path, world: World) -> None:
    """Files that somebody once put beside the events: no pattern of the map leads to them."""
    target = folder / "exports"
    target.mkdir(parents=True, exist_ok=True)
    guests = [world.by_email[each.email] for each in (cast.STAR, cast.HOUSEMATE, cast.ANN)]
    rows = "".join(f"{each.number},{each.name},{each.email},{each.phone}\n" for each in guests)
    (target / "fair_2024.csv").write_text(f"badge,name,mail,phone\n{rows}", encoding="utf-8")
    notes = "".join(f"Call {each.name} back, they wrote from {each.email}.\n" for each in guests)
    (target / "notes.txt.gz").write_bytes(gzip.compress(notes.encode(), mtime=0))


def _weight(device: Device) -> float:
    """The busy person's devices report more, though not as much more as their account does."""
    return min(device.account.activity, 40.0)


def _write(target: Path, events: Iterator[Event]) -> None:
    if target.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(list(events)), target, compression="zstd")
        return
    with target.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(event, ensure_ascii=False) + "\n" for event in events)


def _page_view(chance: Chance, device: Device, at: datetime) -> Event:
    return {
        "event_id": chance.uuid(),
        "at": at.isoformat(),
        "email": device.account.email,
        "device_id": device.id,
        "page": chance.pick(PAGES),
        "referrer": chance.pick(PAGES),
        "seconds": chance.between(1, 600),
        "query": f"invoice {device.account.person.family}" if chance.happens(0.05) else None,
    }


def _feature_use(chance: Chance, device: Device, at: datetime) -> Event:
    return {
        "event_id": chance.uuid(),
        "at": at,
        "email": device.account.person.email,
        "feature": chance.pick(FEATURES),
        "clicks": chance.between(1, 30),
        "seconds": round(chance.random() * 90, 2),
    }


def _device_report(chance: Chance, device: Device, at: datetime) -> Event:
    return {
        "event_id": chance.uuid(),
        "at": at,
        "email": device.account.person.email,
        "device_id": device.id,
        "model": device.model,
        "system": device.system,
        "ip": chance.ip(),
        "network": chance.pick(NETWORKS),
        "settings": {"font_scale": 1 + chance.between(0, 4) / 10, "dark_mode": chance.happens(0.5)},
    }


def _position(chance: Chance, device: Device, at: datetime) -> Event:
    return {
        "event_id": chance.uuid(),
        "at": at,
        "email": device.account.person.email,
        "latitude": round(-60 + 120 * chance.random(), 5),
        "longitude": round(-180 + 360 * chance.random(), 5),
        "accuracy_metres": chance.between(3, 60),
    }


def _web_log(chance: Chance, device: Device, at: datetime) -> Event:
    return {
        "event_id": chance.uuid(),
        "at": at.isoformat(),
        "device_id": device.id,
        "ip": chance.ip(),
        "user_agent": chance.pick(USER_AGENTS),
        "method": "GET",
        "path": chance.pick(PAGES),
        "status": chance.pick((200, 200, 200, 304, 404)),
        "exit_page": chance.pick(PAGES),
    }


def _cookie(chance: Chance, device: Device, at: datetime) -> Event:
    return {
        "event_id": chance.uuid(),
        "at": at.isoformat(),
        "cookie_id": chance.uuid(),
        "name": chance.pick(("omne_session", "omne_prefs", "omne_stats", "partner_pixel")),
        "account_email": device.account.email,
        "consented": chance.happens(0.7),
        "expires_at": (at + timedelta(days=180)).isoformat(),
    }


MAKERS: dict[str, Callable[[Chance, Device, datetime], Event]] = {
    "page_views": _page_view,
    "feature_use": _feature_use,
    "device_reports": _device_report,
    "positions": _position,
    "web_log": _web_log,
    "cookies": _cookie,
}
