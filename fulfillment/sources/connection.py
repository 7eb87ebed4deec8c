"""Open the connector of a source: the only place where its sealed settings are read."""

from typing import Any

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.sources.memory import DatabaseMemory
from fulfillment.sources.models import DataSource


def open_connector(source: DataSource) -> Connector[Any]:
    """A connector with the source's settings and memory. Raises NotRegistered or NotConfigured."""
    connector = CONNECTORS.get(source.kind).from_settings(source.settings_sealed)
    connector.memory = DatabaseMemory(source.pk)
    return connector
