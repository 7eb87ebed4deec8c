"""A record is the person's own, a mention, something shared, or a namesake's."""

import pytest

from fulfillment.traces.judge import Kind
from fulfillment.traces.person import Identifier, KnownPerson
from fulfillment.traces.record import look_at_record
from tests.fulfillment.traces.ann import ANN

HOUSEHOLD = KnownPerson.known(
    [
        Identifier("name", "Ann Lee"),
        Identifier("phone", "030 901820", shared=True),
        Identifier("email", "office@example.org", shared=True),
    ]
)


def _judged(person: KnownPerson, **record: object) -> Kind | None:
    return look_at_record(record, person).kind


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({"email": "ann@example.org", "name": "Ann Lee"}, Kind.OWN),
        ({"old_values": '{"email": "ann@example.org"}'}, Kind.OWN),
        ({"author": "bob@example.com", "note": "Ann Lee rang, ann@example.org"}, Kind.MENTION),
        ({"note": "Ann Lee rang about her order"}, Kind.NAMESAKE),
        ({"name": "Ann Lee", "email": "another@example.com"}, Kind.NAMESAKE),
        ({"address": "Lindenstr. 12, 10969 Berlin", "name": "Tom Lee"}, Kind.SHARED),
        ({"address": "Lindenstr. 12, 10969 Berlin", "name": "Ann Lee"}, Kind.OWN),
        ({"customer": "bob@example.com", "handled_by": "ann@example.org"}, Kind.MENTION),
        ({"email": "ann@example.org", "handled_by": "ann@example.org"}, Kind.OWN),
        ({"email": "joann@example.org"}, None),
        ({"first_name": "Ann", "last_name": "Lee", "email": "another@example.com"}, Kind.NAMESAKE),
        ({"first_name": "Ann", "last_name": "Lee", "phone": "030 901820"}, Kind.OWN),
        ({"name": "Tom Lee", "phone": "030 901820"}, Kind.SHARED),
        ({"mail": "tom@example.com", "phone": "030 901820"}, Kind.SHARED),
        ({"name": "Tom Lee", "email": "ann@example.org"}, Kind.SHARED),
        ({"name": "Ann Smith", "email": "ann@example.org"}, Kind.OWN),
        ({"name": "A. Smith", "email": "ann@example.org"}, Kind.OWN),
        ({"name": "Ann Lee", "email": "ann.second@example.org", "phone": "030 901820"}, Kind.OWN),
        ({"name": "Tom Lee", "note": "his wife is ann@example.org"}, Kind.MENTION),
        ({"list_name": "Spring Letter", "email": "ann@example.org"}, Kind.OWN),
    ],
)
def test_a_record_is_judged_by_all_that_stands_in_it(record: dict[str, object], kind: Kind | None) -> None:
    assert _judged(ANN, **record) == kind


def test_what_several_accounts_use_proves_nobody_alone() -> None:
    assert _judged(HOUSEHOLD, phone="+49 30 901820", name="Tom Lee") is Kind.SHARED
    assert _judged(HOUSEHOLD, email="office@example.org") is Kind.SHARED
    assert _judged(HOUSEHOLD, phone="+49 30 901820", name="Ann Lee") is Kind.OWN
