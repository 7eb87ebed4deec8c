"""The product's worker in a version with a mistake in it: whatever searches the odd shop breaks."""

from importlib import import_module
from typing import Any

from celery.signals import worker_init

from omne_dsar.celery import app

__all__ = ["app"]


@worker_init.connect
def make_the_mistake(**_signal: Any) -> None:
    """Before the processes of the pool are made, and after Django is ready."""
    kind = import_module("fulfillment.connectors.kinds.in_memory").InMemoryConnector
    search = kind.search

    def odd_search(self: Any, query: Any, data_map: Any, **more: Any) -> Any:
        if data_map.key == "odd_shop":
            raise KeyError("a mistake of ours")
        return search(self, query, data_map, **more)

    kind.search = odd_search
