"""A database of many tables: people, what refers to them with and without declared keys, and machinery."""

TABLES = 500
ROWS = 600
_GROUPS = 20

_PEOPLE = """
create table customers (
    id bigint primary key, email text unique, first_name text, last_name text, phone text, password_hash text,
    birth_date date, newsletter boolean, preferences jsonb, ip_address inet, created_at timestamptz
);
insert into customers
select n, 'person' || n || '@example.org', 'Anna', 'Berg', '+49 30 ' || 100000 + n, '$2b$12$' || md5(n::text),
       date '1980-01-01' + n, n % 2 = 0, jsonb_build_object('locale', 'de', 'email', 'p' || n || '@x.org'),
       ('10.0.0.' || n % 250)::inet, now()
  from generate_series(1, {rows}) n;
"""
_GROUP = """
create table area{group}_orders (
    id bigint primary key, customer_id bigint {declared}, number text, status text, total numeric(12, 2),
    shipping_name text, shipping_street text, shipping_city text, shipping_zip text, note text, placed_at timestamptz
);
insert into area{group}_orders
select n, 1 + n % {rows}, 'A-' || n, 'paid', n, 'Anna Berg', 'Main Street ' || n, 'Berlin', 10000 + n % 90000,
       'please leave it at the door of number ' || n, now() from generate_series(1, {rows}) n;
"""
_PART = """
create table area{group}_detail_{number} (
    id bigint primary key, area{group}_order_id bigint {declared}, name text, value text, code varchar(20),
    quantity integer, amount numeric(12, 2), remark text, data jsonb, created_by_id bigint, changed_at timestamptz
);
insert into area{group}_detail_{number}
select n, 1 + n % {rows}, 'part ' || n, md5(n::text), 'C' || n, n % 7, n, 'words about thing ' || n || ' and more',
       jsonb_build_object('size', n, 'customer_id', 1 + n % {rows}), 1 + n % 5, now() from generate_series(1, {rows}) n;
"""


def wide_schema(*, tables: int = TABLES, rows: int = ROWS) -> str:
    """The statements that make such a database; every other group declares its foreign keys."""
    statements = [_PEOPLE.format(rows=rows)]
    parts = (tables - 1 - _GROUPS) // _GROUPS
    for group in range(_GROUPS):
        declares = group % 2 == 0
        to_people = "references customers (id)" if declares else ""
        statements.append(_GROUP.format(group=group, rows=rows, declared=to_people))
        to_orders = f"references area{group}_orders (id)" if declares else ""
        statements += [
            _PART.format(group=group, number=number, rows=rows, declared=to_orders) for number in range(parts)
        ]
    rest = tables - 1 - _GROUPS * (parts + 1)
    statements += [
        f"create table setting_{number} (id integer primary key, name text);" for number in range(rest)
    ]
    return "\n".join(statements)
