"""Recipients hear of a change once a look has shown it, and of none that was never there."""

from collections.abc import Iterator

import pytest

from fulfillment.changes.models import ChangeState
from fulfillment.changes.read_backs.decide import let_stand
from fulfillment.changes.telling import requests_to_tell
from fulfillment.recipients.models import RecipientNotice
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.databases import source_database
from tests.factories import rosa
from tests.fulfillment.changes.by_connector.shop import LATER, connect
from tests.fulfillment.changes.read_backs.shop import (
    PEOPLE_ONLY,
    asked_of_a_person,
    look,
    restricting,
    the_look,
)
from tests.fulfillment.changes.shop import end, fresh
from tests.fulfillment.connectors.sql_changes.shop import TABLES, Shop
from tests.fulfillment.recipients.cast import the_host
from tests.servers import TestServers

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(running_servers: TestServers) -> Iterator[Shop]:
    """A shop on a database, whose people a hosting provider has."""
    with source_database(TABLES.format(json="jsonb")) as url:
        shop = Shop(url)
        connect(shop, **PEOPLE_ONLY, people={"recipients": ["hosting"]})
        the_host(known_by="shop/people/email")
        yield shop


def _told() -> list[tuple[str, list[str]]]:
    return [(each.kind, [place for place, _label in each.places]) for each in RecipientNotice.objects.all()]


def _unmarked(shop: Shop) -> SubjectRequest:
    """A restriction that the shop says it made, and that a look does not show."""
    asked = restricting()
    shop.execute("update people set status = 'active' where id = 1")
    return look(asked)


def test_a_restriction_is_told_only_once_a_look_has_shown_it(shop: Shop) -> None:
    asked = restricting()
    assert (_told(), requests_to_tell()) == ([], [])
    asked = look(asked)
    assert asked.state == S.IN_FORCE
    assert _told() == [("restrict", ["shop/people"])]


def test_what_a_person_mended_is_told_once_a_look_has_shown_that_too(shop: Shop) -> None:
    asked = _unmarked(shop)
    assert _told() == []
    shop.execute("update people set status = 'blocked' where id = 1")
    end(asked_of_a_person(asked))
    assert _told() == []
    assert look(asked).state == S.IN_FORCE
    assert _told() == [("restrict", ["shop/people"])]


def test_what_nobody_could_mend_is_told_to_nobody(shop: Shop) -> None:
    asked = _unmarked(shop)
    # Whoever says that it is mended is not believed, and the next one gives it up.
    end(asked_of_a_person(asked))
    look(asked)
    end(asked_of_a_person(asked), ChangeState.COULD_NOT)
    assert (fresh(asked).state, fresh(asked).outcome) == (S.IN_FORCE, "partly")
    assert (_told(), requests_to_tell()) == ([], [])


def test_what_somebody_lets_stand_is_told(shop: Shop) -> None:
    asked = _unmarked(shop)
    by = Actor.staff(rosa())
    let_stand(row_id=the_look(asked).pk, why="Blocked by another column.", by=by, at=LATER)
    assert fresh(asked).state == S.IN_FORCE
    assert _told() == [("restrict", ["shop/people"])]


def test_where_nobody_could_look_nobody_is_told_until_somebody_has_decided(shop: Shop) -> None:
    asked = restricting()
    shop.execute("alter table people rename column papers to files")
    look(asked)
    assert (_told(), requests_to_tell()) == ([], [])
    by = Actor.staff(rosa())
    let_stand(row_id=the_look(asked).pk, why="The shop is being moved.", by=by, at=LATER)
    assert _told() == [("restrict", ["shop/people"])]
