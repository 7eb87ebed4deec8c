"""The physical limit: the same rows by hand-written statements, which know the shop and carry nothing else out."""

import psycopg
from psycopg import sql

_CUSTOMER = "SELECT id FROM customer WHERE email = {email}"
_EMPLOYEE = "SELECT id FROM employee WHERE email = {email}"
_ORDER = f"SELECT id FROM orders WHERE customer_id IN ({_CUSTOMER})"
_ADDRESS = f"""
    SELECT address_id FROM customer WHERE email = {{email}}
    UNION SELECT address_id FROM employee WHERE email = {{email}}
    UNION SELECT shipping_address_id FROM orders WHERE customer_id IN ({_CUSTOMER})
    UNION SELECT billing_address_id FROM payment_card WHERE customer_id IN ({_CUSTOMER})
"""
# Which rows of each table are the person's.
THEIRS = {
    "customer": "email = {email}",
    "employee": "email = {email}",
    "visit": "email = {email}",
    "report": "email = {email}",
    "service_request": f"email = {{email}} OR alt_email = {{email}} OR employee_id IN ({_EMPLOYEE})",
    "login": f"customer_id IN ({_CUSTOMER})",
    "payment_card": f"customer_id IN ({_CUSTOMER})",
    "orders": f"customer_id IN ({_CUSTOMER})",
    "order_item": f"order_id IN ({_ORDER})",
    "product": f"id IN (SELECT product_id FROM order_item WHERE order_id IN ({_ORDER}))",
    "address": f"id IN ({_ADDRESS})",
}
_HASHED = "encode(sha256(convert_to('a secret' || {column}, 'UTF8')), 'hex')"
_ERASED = {
    "address": "house = NULL, street = NULL, city = NULL, state = NULL, zip = NULL",
    "payment_card": "name = NULL, ccn = NULL, code = NULL",
    "login": "time = NULL",
    "visit": f"email = {_HASHED.format(column='email')}",
    "report": f"email = {_HASHED.format(column='email')}, name = NULL",
    "service_request": f"alt_email = {_HASHED.format(column='alt_email')}",
    "customer": f"email = {_HASHED.format(column='email')}, name = NULL",
    "employee": f"email = {_HASHED.format(column='email')}, name = NULL",
}


def copy_to_nowhere(url: str, email: str) -> int:
    """Read everything of a person over a new connection, a COPY for each table; gives the number of rows."""
    rows = 0
    with psycopg.connect(url) as connection:
        for table, theirs in THEIRS.items():
            statement = sql.SQL(f"COPY (SELECT * FROM {table} WHERE {theirs}) TO STDOUT").format(email=email)
            with connection.cursor().copy(statement) as copy:
                rows += sum(bytes(block).count(b"\n") for block in copy)
    return rows


def update_by_hand(url: str, email: str) -> int:
    """Erase a person over a new connection in one transaction, an UPDATE for each table; gives the number of rows."""
    with psycopg.connect(url) as connection:
        return sum(
            connection.execute(
                sql.SQL(f"UPDATE {table} SET {erased} WHERE {THEIRS[table]}").format(email=email)
            ).rowcount
            for table, erased in _ERASED.items()
        )
