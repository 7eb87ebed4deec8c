"""Containers ask whether a process lives and whether it can work."""

import json
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client


def test_a_process_is_alive_without_a_database() -> None:
    response = Client().get("/health/alive")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_a_process_with_a_database_is_ready() -> None:
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()["status"]) == (200, "ready")
    assert "no-store" in response["Cache-Control"]


def test_a_process_whose_database_is_away_waits_and_says_so() -> None:
    with patch("omne_dsar.health.connection.cursor", side_effect=OperationalError("password=secret")):
        response = Client().get("/health/ready")
    assert response.status_code == 503
    assert json.loads(response.content)["reason"] == "The database does not answer."


def test_nothing_but_looking_is_allowed() -> None:
    assert Client().post("/health/alive").status_code == 405
