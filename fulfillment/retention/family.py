"""The kinds of this app: one file per kind in `kinds/`, others by entry point."""

from requests_app.registry import Registry
from requests_app.retention.base import Kept

OWN_KINDS: Registry[Kept] = Registry(
    noun="kind of kept thing",
    package="fulfillment.retention.kinds",
    attribute="KEPT",
    group="omne_dsar.kept_by_fulfillment",
)
