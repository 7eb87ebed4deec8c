"""Scans the ERP: every row of every table that can hold a person, read and compared here."""

from collections.abc import Iterator

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from omne_dsar.demo.scan.following import Address, Follows, Row, Way, walk

MY_ACCOUNT = Follows("account_id", "accounts", "id")
MY_ORDER = Follows("order_id", "orders", "id")

# Parents stand before children, because a walk goes down this list once.
WAYS: dict[str, tuple[Way, ...]] = {
    "accounts": (Address("email"),),
    "profiles": (MY_ACCOUNT,),
    "company_contacts": (Address("email"),),
    "employees": (Address("work_email"), MY_ACCOUNT),
    "staff_members": (Address("email"),),
    "role_grants": (MY_ACCOUNT,),
    "account_addresses": (MY_ACCOUNT,),
    "addresses": (Follows("id", "account_addresses", "address_id"),),
    "sso_identities": (Address("provider_email"), MY_ACCOUNT),
    "social_links": (MY_ACCOUNT,),
    "consents": (MY_ACCOUNT,),
    "sign_ins": (MY_ACCOUNT,),
    "sessions": (MY_ACCOUNT,),
    "api_tokens": (MY_ACCOUNT,),
    "password_history": (MY_ACCOUNT,),
    "devices": (MY_ACCOUNT,),
    "fraud_checks": (MY_ACCOUNT,),
    "subscriptions": (MY_ACCOUNT,),
    "payment_methods": (MY_ACCOUNT,),
    "quotes": (Address("requester_email"),),
    "orders": (MY_ACCOUNT,),
    "order_lines": (MY_ORDER,),
    "invoices": (MY_ACCOUNT,),
    "invoice_lines": (Follows("invoice_id", "invoices", "id"),),
    "payments": (Follows("invoice_id", "invoices", "id"),),
    "refunds": (Follows("payment_id", "payments", "id"),),
    "shipments": (MY_ORDER,),
    "support_cases": (Address("contact_email"), MY_ACCOUNT),
    "case_comments": (Follows("case_id", "support_cases", "id"),),
    "messages": (Follows("sender_id", "accounts", "id"), Follows("recipient_id", "accounts", "id")),
    "documents": (Follows("owner_id", "accounts", "id"),),
    "notifications": (MY_ACCOUNT,),
    "survey_responses": (Address("respondent_email"),),
    "referrals": (Address("invited_email"), Follows("referrer_id", "accounts", "id")),
    "project_members": (Follows("employee_id", "employees", "id"),),
    "timesheets": (Follows("employee_id", "employees", "id"),),
    "data_exports": (MY_ACCOUNT,),
    "audit_log": (MY_ACCOUNT,),
    "crm.leads": (Address("email"),),
    "crm.newsletter_subscribers": (Address("email"),),
    "crm.marketing_events": (Address("email"),),
}


def scan_erp(url: str, email: str) -> dict[str, list[Row]]:
    """The person's rows, by table: first what decides, of every row, then all fields of theirs."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        found = walk(WAYS, lambda table: _deciding_fields(connection, table), email)
        return {table: _whole_rows(connection, table, rows) for table, rows in found.items()}


def _deciding_fields(connection: psycopg.Connection[Row], table: str) -> Iterator[Row]:
    fields = {way.field for way in WAYS[table]} | {
        way.their_field
        for ways in WAYS.values()
        for way in ways
        if isinstance(way, Follows) and way.collection == table
    }
    columns = sql.SQL(", ").join(map(sql.Identifier, sorted(fields)))
    statement = sql.SQL("select ctid::text as place, {} from {}").format(columns, _qualified(table))
    return iter(connection.execute(statement).fetchall())


def _whole_rows(connection: psycopg.Connection[Row], table: str, rows: list[Row]) -> list[Row]:
    statement = sql.SQL("select * from {} where ctid = any(%s::tid[])").format(_qualified(table))
    return connection.execute(statement, ([row["place"] for row in rows],)).fetchall()


def _qualified(table: str) -> sql.Identifier:
    schema, _, name = table.rpartition(".")
    return sql.Identifier(schema or "public", name)
