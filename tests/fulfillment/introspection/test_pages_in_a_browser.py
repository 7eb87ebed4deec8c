"""The diff and the coverage in a browser: nothing wrong with them, small or wide, light or dark."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from fulfillment.introspection.models import MapProposal
from fulfillment.introspection.propose import propose_map
from fulfillment.sources.connect import connect_source
from requests_app.leases.models import WorkState
from requests_app.roles import Role
from tests.browser import Visitor, faults, in_every_look
from tests.databases import source_database
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, staff
from tests.fulfillment.introspection.scoring import statements_of
from tests.fulfillment.introspection.test_scores import connector_for
from tests.servers import TestServers
from tests.sources import SHOP_MAP, connect_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def blog(running_servers: TestServers) -> Iterator[str]:
    """What a look at a real-sized blog proposes."""
    with source_database(statements_of("blog")) as url:
        yield propose_map(connector_for(url), key="blog", label="Blog", sample=50, at=NOON)


@pytest.fixture
def proposal(blog: str) -> MapProposal:
    """A blog whose map knows little of it, looked at since."""
    source = connect_source(
        key="blog",
        kind="postgresql",
        label="Blog",
        settings={"url": "postgresql://127.0.0.1:1/blog"},
        map_yaml=SHOP_MAP.format(key="blog"),
        by=SYSTEM,
        at=NOON,
    )
    connect_shop()
    return MapProposal.objects.create(
        source=source, asked_at=NOON, asked_by="system", looked_at=NOON, yaml=blog, work_state=WorkState.DONE
    )


def opened(visitor: Visitor, live_server: Any, path: str, *, width: int, theme: str) -> Page:
    """The page as a source owner sees it."""
    client = signed_in(staff("Inês", Role.SOURCE_OWNER))
    page = visitor(width=width, theme=theme)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(path)
    return page


@in_every_look
@pytest.mark.parametrize("path", ["/staff/sources/blog/changes/", "/staff/coverage/"])
def test_nothing_is_wrong_with_the_page(
    visitor: Visitor, live_server: Any, proposal: MapProposal, path: str, width: int, theme: str
) -> None:
    page = opened(visitor, live_server, path, width=width, theme=theme)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(
            path=f"{folder}/{path.strip('/').replace('/', '-')}-{width}-{theme}.png", full_page=True
        )
    assert faults(page) == []


def _said_of_the_decisions(page: Page) -> str:
    """What a screen reader reads in the bar: what the style sheet counts stands in no markup."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in tree}
    named = {"value": "Save the map"}
    bar = next(
        node for node in tree if node.get("name", {}).get("value") == named["value"] and _is_region(node)
    )
    return " ".join(_words(bar, by_id)).replace("  ", " ")


def _is_region(node: dict[str, Any]) -> bool:
    return bool(node["role"]["value"] == "region")


def _words(node: dict[str, Any], by_id: dict[str, Any]) -> list[str]:
    if node["role"]["value"] == "StaticText":
        return [str(node["name"]["value"]).strip()]
    return [word for child in node.get("childIds", ()) for word in _words(by_id[child], by_id)]


def test_the_bar_counts_what_is_ticked_before_anything_is_saved(
    visitor: Visitor, live_server: Any, proposal: MapProposal
) -> None:
    page = opened(visitor, live_server, "/staff/sources/blog/changes/", width=1280, theme="light")
    boxes = page.locator(".diff input[type=checkbox]")
    total, ticked = boxes.count(), page.locator(".diff input[type=checkbox]:checked").count()
    assert 0 < ticked < total
    assert f"{ticked} of {total} ticked {total - ticked} left as they are" in _said_of_the_decisions(page)
    page.locator(".diff input[type=checkbox]:checked").first.uncheck()
    assert f"{ticked - 1} of {total} ticked {total - ticked + 1} left" in _said_of_the_decisions(page)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/map-bar.png")
