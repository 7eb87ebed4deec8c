"""Figures for Prometheus, for whoever shows the token, with nobody in them."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from tests.factories import ada_asks

pytestmark = pytest.mark.django_db


def _figures(client: Client, token: str) -> Any:
    return client.get("/metrics", headers={"authorization": f"Bearer {token}"})


def test_requests_and_work_are_counted(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "shown"
    ada_asks()
    text = _figures(client, "shown").content.decode()
    found = {
        (each.name, *each.labels.values()): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }
    assert found["omne_requests", "access", "awaiting_identity"] == 1
    assert found["omne_work_due", "message"] == 1
    assert found["omne_requests_overdue",] in (0, 1)
    assert found["omne_part_up", "database"] == 1
    assert {"broker", "store", "work", "beat"} <= {each[1] for each in found if each[0] == "omne_part_up"}
    assert "ada" not in text.lower()


def test_with_the_database_away_the_figures_say_so(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error page would look like a web process that is down."""
    settings.METRICS_TOKEN = "shown"

    def away() -> None:
        raise OperationalError("password=secret")

    monkeypatch.setattr("omne_dsar.metrics.connection", SimpleNamespace(ensure_connection=away))
    text = _figures(client, "shown").content.decode()
    assert 'omne_part_up{part="database"} 0' in text
    assert 'omne_part_up{part="store"}' in text
    assert "omne_requests" not in text
    assert "secret" not in text


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_the_token_there_is_no_such_page(client: Client, settings: Any, token: str) -> None:
    settings.METRICS_TOKEN = "shown"
    assert _figures(client, token).status_code == 404


def test_without_a_token_in_the_settings_there_is_none_for_anybody(client: Client) -> None:
    assert _figures(client, "").status_code == 404
