"""Open the connector of a source: the only place where its sealed settings are read."""

from typing import Any

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.sources.models import DataSource


def open_connector(source: DataSource) -> Connector[Any]:
    """A connector with the source's settings. Raises NotRegistered or NotConfigured."""
    return CONNECTORS.get(source.kind).from_settings(source.settings_sealed)
