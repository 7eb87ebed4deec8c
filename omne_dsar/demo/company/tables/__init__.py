"""The ERP's tables by subject; importing this package knows them all, in the order they are loaded."""

from omne_dsar.demo.company.tables import (
    access,
    buying,
    forgotten,
    marketing,
    people,
    reference,
    talking,
    working,
)
from omne_dsar.demo.company.tables.base import TABLES, Table

__all__ = [
    "TABLES",
    "Table",
    "access",
    "buying",
    "forgotten",
    "marketing",
    "people",
    "reference",
    "talking",
    "working",
]
