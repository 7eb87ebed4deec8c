"""A paper archive that Ann Archivist answers for, connected for a test; and somebody who answers at once."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fulfillment.connectors.asking import Handed, Held, Question
from fulfillment.connectors.base import Batch, CollectionDone, Connector
from fulfillment.connectors.handed import handed_records
from fulfillment.connectors.query import SubjectQuery
from fulfillment.datamaps.datamap import DataMap
from fulfillment.owners.models import OwnerMail, OwnerTask
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from tests.factories import NOON, SYSTEM

ANN = "ann.archivist@archive.example"
ARCHIVE_MAP = """
dataset:
  - fides_key: archive
    name: Archive
    collections:
      - name: folders
        fields:
          - name: number
            fides_meta: {primary_key: true, data_type: integer}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email}
          - name: about
            data_categories: [user.content]
      - name: papers
        fields:
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email}
          - name: document
            data_categories: [user.content]
          - name: file
            fides_meta: {primary_key: true}
          - name: sha256
    meta:
      omne:
        label: Paper archive
        owner: Ann Archivist
        collections:
          folders: {label: Folders, about: What lies in our archive., policy: account}
          papers: {label: Scanned papers, about: Papers about you., policy: account, documents: true}
"""


def connect_archive(**settings: Any) -> DataSource:
    """Connect the archive."""
    return connect_source(
        key="archive",
        kind="manual_task",
        label="Paper archive",
        settings={"name": "Ann Archivist", "address": ANN, "days": 6, **settings},
        map_yaml=ARCHIVE_MAP,
        by=SYSTEM,
        at=NOON,
    )


def link_in(mail: OwnerMail) -> str:
    """The token that a mail carries until it is sent."""
    return str(mail.secrets["link"]).rstrip("/").rpartition("/")[2]


def last_link(task: OwnerTask) -> str:
    """The token of the newest mail with a link."""
    mails = [mail for mail in task.mails.order_by("written_at", "id") if "link" in mail.secrets]
    return link_in(max(mails, key=lambda mail: mail.written_at))


def code_of(task: OwnerTask) -> str:
    """The code of the newest mail with one."""
    codes = [mail for mail in task.mails.order_by("written_at") if "code" in mail.secrets]
    return str(codes[-1].secrets["code"])


class SomebodyWhoLooks:
    """Answers from a system of lists, as a diligent person would: with files of records."""

    def __init__(self, system: Connector[Any], data_map: DataMap) -> None:
        self._system, self._map = system, data_map
        self.asked: list[tuple[datetime, Question]] = []

    def answer_to(self, question: Question) -> Handed:
        """What the system holds of the person, written into files and read again."""
        query = SubjectQuery(question.identities, "by hand")
        rows: dict[str, list[Any]] = {}
        beside: dict[str, tuple[str, ...]] = {}
        for each in self._system.search(query, self._map):
            if isinstance(each, Batch):
                rows.setdefault(each.collection, []).extend(map(json.loads, each.lines))
            elif isinstance(each, CollectionDone):
                beside[each.collection] = each.unmapped
        for name, found in rows.items():
            for row in found:
                row.update(dict.fromkeys(beside[name], True))
        read = {
            name: handed_records(
                json.dumps(found).encode(), self._map.collection(name), identities=question.identities
            )
            for name, found in rows.items()
        }
        return Handed(
            Held.FOUND if read else Held.NOTHING,
            lines={name: _again(each.lines) for name, each in read.items()},
            unmapped={name: each.unmapped for name, each in read.items()},
        )


def _again(lines: list[bytes]) -> Any:
    def given() -> Iterator[bytes]:
        return iter(lines)

    return given
