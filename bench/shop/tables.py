"""The eleven tables, with the names and types of the public example that other tools are measured on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns with their types, and its primary key."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: str = "id"

    @property
    def created(self) -> str:
        """The statement that makes it."""
        columns = ", ".join(f"{name} {type_name}" for name, type_name in self.columns)
        return f"CREATE TABLE {self.name} ({columns}, PRIMARY KEY ({self.key}))"


WORDS, WHOLE, BIG, MOMENT = "varchar(100)", "integer", "bigint", "timestamp"
TABLES = (
    Table("product", (("id", WHOLE), ("name", WORDS), ("price", "money"))),
    Table(
        "address",
        (("id", BIG), ("house", WHOLE), ("street", WORDS), ("city", WORDS), ("state", WORDS), ("zip", WORDS)),
    ),
    Table(
        "customer",
        (("id", WHOLE), ("email", WORDS), ("name", WORDS), ("created", MOMENT), ("address_id", BIG)),
    ),
    Table("employee", (("id", WHOLE), ("email", WORDS), ("name", WORDS), ("address_id", BIG))),
    Table(
        "payment_card",
        (
            ("id", WORDS),
            ("name", WORDS),
            ("ccn", BIG),
            ("code", "smallint"),
            ("preferred", "boolean"),
            ("customer_id", WHOLE),
            ("billing_address_id", BIG),
        ),
    ),
    Table("orders", (("id", WORDS), ("customer_id", WHOLE), ("shipping_address_id", BIG))),
    Table(
        "order_item",
        (("order_id", WORDS), ("item_no", WHOLE), ("product_id", WHOLE), ("quantity", "smallint")),
        key="order_id, item_no",
    ),
    Table("login", (("id", WHOLE), ("customer_id", WHOLE), ("time", MOMENT))),
    Table("visit", (("email", WORDS), ("last_visit", MOMENT)), key="email, last_visit"),
    Table(
        "report",
        (
            ("id", WHOLE),
            ("email", WORDS),
            ("name", WORDS),
            ("year", WHOLE),
            ("month", WHOLE),
            ("total_visits", WHOLE),
        ),
    ),
    Table(
        "service_request",
        (
            ("id", WORDS),
            ("email", WORDS),
            ("alt_email", WORDS),
            ("opened", "date"),
            ("closed", "date"),
            ("employee_id", WHOLE),
        ),
    ),
)
# What the search and its joins ask by; the public example has none of them.
INDEXED = (
    ("customer", "email"),
    ("employee", "email"),
    ("payment_card", "customer_id"),
    ("orders", "customer_id"),
    ("login", "customer_id"),
    ("report", "email"),
    ("service_request", "email"),
    ("service_request", "alt_email"),
    ("service_request", "employee_id"),
    ("visit", "email"),
)
