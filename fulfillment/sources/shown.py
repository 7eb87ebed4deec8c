"""The settings of a source as an engineer may see them: secrets by name only, never what they are."""

from dataclasses import dataclass
from typing import get_args

from django.utils.translation import gettext as _
from pydantic import SecretBytes, SecretStr

from fulfillment.connectors.base import CONNECTORS
from fulfillment.sources.models import DataSource

_SECRET_TYPES = (SecretStr, SecretBytes)


@dataclass(frozen=True)
class ShownSetting:
    """One setting: its name, and whether there is a value; the value itself stays where it is."""

    name: str
    is_secret: bool
    state: str


def kind_label(kind: str) -> str:
    """Return a connector's name, or its key when the package that brought it is gone."""
    return CONNECTORS.get(kind).label if kind in CONNECTORS else kind


def is_database(source: DataSource) -> bool:
    """Say whether a source is a database, whose tables can be looked at."""
    return source.kind in CONNECTORS and CONNECTORS.get(source.kind).is_database


def shown_settings(source: DataSource) -> tuple[ShownSetting, ...]:
    """Return the settings that a source's connector knows, each set or not; no value reaches the page."""
    if source.kind not in CONNECTORS:
        return ()
    held = source.settings_sealed
    return tuple(
        ShownSetting(name, _is_secret(field.annotation), _("set") if held.get(name) else _("not set"))
        for name, field in CONNECTORS.get(source.kind).settings_model.model_fields.items()
    )


def secret_names(source: DataSource) -> tuple[str, ...]:
    """Return the settings of a source that are secrets, whether they are set or not."""
    return tuple(each.name for each in shown_settings(source) if each.is_secret)


def _is_secret(annotation: object) -> bool:
    return annotation in _SECRET_TYPES or any(part in _SECRET_TYPES for part in get_args(annotation))
