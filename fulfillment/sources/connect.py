"""Connect a source, change how it is reached, and give it a new version of its map."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from fulfillment.connectors.base import CONNECTORS
from fulfillment.datamaps.read import load_map as parse_map
from fulfillment.sources.connection import open_connector
from fulfillment.sources.errors import SourceAlreadyConnected
from fulfillment.sources.models import DataMapVersion, DataSource
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput


def connect_source(
    *, key: str, kind: str, label: str, settings: Mapping[str, Any], map_yaml: str, by: Actor, at: datetime
) -> DataSource:
    """Write down a new source with the first version of its map; nothing is asked of the source itself yet.

    Raises SourceAlreadyConnected, NotRegistered, NotConfigured, MapRefused and BadInput.
    """
    CONNECTORS.get(kind).from_settings(settings)
    named = label or parse_map(map_yaml).label
    row = DataSource(key=key, kind=kind, label=named, settings_sealed=dict(settings), connected_at=at)
    with transaction.atomic():
        if DataSource.objects.filter(key=key).exists():
            raise SourceAlreadyConnected(f"A source called “{key}” is connected already.")
        row.position = (DataSource.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        _refuse_unfit_fields(row)
        row.save(force_insert=True)
        record(event="source.connected", target=row, by=by, at=at, facts={"source": key})
        load_map(source=row, map_yaml=map_yaml, by=by, at=at)
    return row


def load_map(*, source: DataSource, map_yaml: str, by: Actor, at: datetime) -> DataMapVersion:
    """Put a map in force; the one that is in force already is given back as it is.

    Raises MapRefused for a map with errors, NotConfigured for one that this kind of source cannot be read by.
    """
    open_connector(source).refuse_unfit_map(parse_map(map_yaml))
    digest = sha256(map_yaml.encode()).hexdigest()
    with transaction.atomic():
        locked = DataSource.objects.select_for_update().get(pk=source.pk)
        newest = locked.map_versions.order_by("number").last()
        if newest is not None and newest.sha256 == digest:
            return newest
        number = newest.number + 1 if newest else 1
        version = DataMapVersion.objects.create(
            source=locked, number=number, sha256=digest, yaml=map_yaml, loaded_at=at, loaded_by=by.key
        )
        facts = {"source": source.key, "number": number}
        record(event="source.map_loaded", target=source, by=by, at=at, facts=facts)
    return version


def change_settings(
    *, source: DataSource, settings: Mapping[str, Any], by: Actor, at: datetime
) -> DataSource:
    """Replace how a source is reached. Raises NotConfigured for settings its connector cannot use."""
    CONNECTORS.get(source.kind).from_settings(settings)
    with transaction.atomic():
        locked = DataSource.objects.select_for_update().get(pk=source.pk)
        locked.settings_sealed = dict(settings)
        locked.last_error = ""
        locked.save(update_fields=["settings_sealed", "last_error"])
        record(event="source.settings_changed", target=locked, by=by, at=at, facts={"source": locked.key})
    return locked


def limit_source(*, source: DataSource, most_at_once: int | None, by: Actor, at: datetime) -> DataSource:
    """Say how many workers of all machines together may ask a source at once; None: as many as there are."""
    with transaction.atomic():
        locked = DataSource.objects.select_for_update().get(pk=source.pk)
        locked.most_at_once = most_at_once
        locked.save(update_fields=["most_at_once"])
        facts = {"source": locked.key, "number": most_at_once or 0}
        record(event="source.limited", target=locked, by=by, at=at, facts=facts)
    return locked


def _refuse_unfit_fields(row: DataSource) -> None:
    try:
        row.clean_fields(exclude=["settings_sealed"])
    except ValidationError as refused:
        name, why = next(iter(refused.message_dict.items()))
        raise BadInput(f"The {name} of this source cannot be used: {why[0]}") from None
