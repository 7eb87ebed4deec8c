"""A source made of lists, connected for a test."""

from collections.abc import Mapping
from typing import Any

from fulfillment.sources.connect import change_settings, connect_source
from fulfillment.sources.models import DataSource
from tests.factories import NOON, SYSTEM

SHOP_MAP = """
dataset:
  - fides_key: {key}
    name: Shop
    collections:
      - name: customers
        fields:
          - name: id
            fides_meta: {{primary_key: true}}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {{identity: email}}
          - name: name
            data_categories: [user.name]
      - name: orders
        fields:
          - name: id
            fides_meta: {{primary_key: true}}
          - name: customer_id
            fides_meta:
              references:
                - {{dataset: {key}, field: customers.id, direction: from}}
          - name: note
            data_categories: [user.content]
    meta:
      omne:
        label: Shop
        owner: Shop team
        collections:
          customers:
            label: Customers
            about: Who you are.
            policy: account
            fields: {{id: {{label: Number}}, email: {{label: Mail}}, name: {{label: Name}}}}
          orders:
            label: Orders
            about: What you bought.
            policy: purchases
            fields: {{id: {{label: Number}}, customer_id: {{label: Customer}}, note: {{label: Note}}}}
"""


def shop_rows(*, orders: int = 3, email: str = "ada@example.org") -> dict[str, list[dict[str, Any]]]:
    """Ada with some orders, and a stranger whose address contains hers."""
    mine = [{"id": number, "customer_id": 1, "note": f"order {number}"} for number in range(orders)]
    stranger = {"id": 2, "email": f"j{email}", "name": "Joan"}
    return {
        "customers": [{"id": 1, "email": email, "name": "Ada Åström"}, stranger],
        "orders": [*mine, {"id": 9999, "customer_id": 2, "note": "not Ada's"}],
    }


def connect_shop(key: str = "shop", *, fails: str = "", **shape: Any) -> DataSource:
    """Connect the shop."""
    return connect_source(
        key=key,
        kind="in_memory",
        label="Shop",
        settings={"rows": shop_rows(**shape), "fails": fails},
        map_yaml=SHOP_MAP.format(key=key),
        by=SYSTEM,
        at=NOON,
    )


def change_shop(source: DataSource, **settings: Any) -> None:
    """Change what the shop holds or how it fails."""
    values: Mapping[str, Any] = {"rows": shop_rows(), **settings}
    change_settings(source=source, settings=values, by=SYSTEM, at=NOON)
