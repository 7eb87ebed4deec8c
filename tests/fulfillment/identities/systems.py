"""Three systems that know a person by different things: mail address, the CRM's number, a login."""

from typing import Any

from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from tests.factories import NOON, SYSTEM

CRM = """
dataset:
  - fides_key: crm
    name: CRM
    collections:
      - name: customers
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: name, data_categories: [user.name]}
          - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}}
          - {name: login, fides_meta: {identity: github_login}}
"""
BILLING = """
dataset:
  - fides_key: billing
    name: Billing
    collections:
      - name: accounts
        fields:
          - {name: number, fides_meta: {primary_key: true}}
          - name: customer
            fides_meta:
              identity: customer_number
              references: [{dataset: crm, field: customers.id, direction: from}]
          - {name: holder}
      - name: invoices
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: account
            fides_meta: {references: [{dataset: billing, field: accounts.number, direction: from}]}
"""
CODE = """
dataset:
  - fides_key: code
    name: Code
    collections:
      - name: users
        fields:
          - {name: login, fides_meta: {primary_key: true, identity: github_login}}
          - {name: bio}
"""
ADA: dict[str, Any] = {
    "id": 7,
    "email": "ada@example.org",
    "name": "Ada Åström",
    "phone": "+49 30 901820",
    "login": "octo-ada",
}
BOB: dict[str, Any] = {
    "id": 8,
    "email": "bob@example.com",
    "name": "Bob Åström",
    "phone": "+49 30 5550199",
    "login": "octo-bob",
}


def connect_crm(*customers: dict[str, Any]) -> DataSource:
    """The CRM, which knows people by mail address, phone number and login."""
    return _connected("crm", CRM, {"customers": list(customers or (ADA, BOB))})


def connect_billing() -> DataSource:
    """The billing, which knows them by the number that the CRM gave them."""
    accounts = [
        {"number": 70, "customer": 7, "holder": "Ada"},
        {"number": 80, "customer": 8, "holder": "Bob"},
    ]
    invoices = [{"id": 1, "account": 70}, {"id": 2, "account": 70}, {"id": 3, "account": 80}]
    return _connected("billing", BILLING, {"accounts": accounts, "invoices": invoices})


def connect_code() -> DataSource:
    """The code hosting, which knows them by the login they chose."""
    users = [{"login": "octo-ada", "bio": "mine"}, {"login": "octo-bob", "bio": "his"}]
    return _connected("code", CODE, {"users": users})


def _connected(key: str, text: str, rows: dict[str, list[dict[str, Any]]]) -> DataSource:
    return connect_source(
        key=key,
        kind="in_memory",
        label=key.capitalize(),
        settings={"rows": rows},
        map_yaml=text,
        by=SYSTEM,
        at=NOON,
    )
