"""The guard of database addresses: private networks in every disguise, options that read files, a name that moves."""

import socket
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from sqlalchemy import make_url

from fulfillment.connectors.base import CONNECTORS
from fulfillment.connectors.errors import ConnectorError, NotConfigured, Retryable
from fulfillment.connectors.sql_guard import allowed_addresses, refuse_unfit_address
from tests.databases import source_database
from tests.fulfillment.connectors.test_outbound import PRIVATE, PUBLIC
from tests.mariadb import MariadbServer

KINDS = ("postgresql", "mariadb")


def _resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Every name has the first answer, then the next; what was asked for is returned."""
    asked: list[str] = []

    really = socket.getaddrinfo

    def resolve(host: str, port: int, *how: Any, **further: Any) -> list[Any]:
        if host[:1].isdecimal():
            return really(host, port, *how, **further)
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize("address", PRIVATE.split())
def test_a_private_address_is_refused_unless_it_is_named(
    address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_ALLOWED_HOSTS = []
    _resolving(monkeypatch, [address])
    with pytest.raises(NotConfigured, match="private network"):
        allowed_addresses("db.example", 5432)
    settings.DATABASE_ALLOWED_HOSTS = ["DB.example:5432"]
    assert allowed_addresses("db.example", 5432) == [address]
    with pytest.raises(NotConfigured):
        allowed_addresses("db.example", 5433)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_needs_no_word(
    address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_ALLOWED_HOSTS = []
    _resolving(monkeypatch, [address])
    assert allowed_addresses("db.example", 5432) == [address]


def test_a_network_lets_in_its_hosts_and_never_this_machine_or_the_clouds_own_services(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_ALLOWED_HOSTS = ["10.20.0.0/16", "0.0.0.0/0"]
    _resolving(monkeypatch, ["10.20.3.4"])
    assert allowed_addresses("db.internal", 5432) == ["10.20.3.4"]
    for never in ("127.0.0.1", "169.254.169.254", "0.0.0.0"):  # noqa: S104 - it is refused
        _resolving(monkeypatch, [never])
        with pytest.raises(NotConfigured):
            allowed_addresses("db.internal", 5432)


def test_every_address_of_a_name_must_be_allowed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATABASE_ALLOWED_HOSTS = []
    _resolving(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(NotConfigured):
        allowed_addresses("db.example", 5432)


@pytest.mark.parametrize("kind", KINDS)
def test_no_connection_is_made_to_a_private_host(
    kind: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_ALLOWED_HOSTS = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        port = server.getsockname()[1]
        for host in ("127.0.0.1", "localhost", "2130706433"):
            with pytest.raises((NotConfigured, Retryable)) as refused:
                CONNECTORS.get(kind).from_settings({"url": f"{kind}://me@{host}:{port}/x"}).check()
            assert host not in str(refused.value)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_name_that_moves_between_look_and_call_leads_nowhere_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_ALLOWED_HOSTS = []
    asked = _resolving(monkeypatch, ["192.88.98.1"], ["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        url = f"mysql://me@db.example:{server.getsockname()[1]}/x"
        with pytest.raises(ConnectorError):
            CONNECTORS.get("mariadb").from_settings({"url": url, "connect_timeout_seconds": 1}).check()
        with pytest.raises(TimeoutError):
            server.accept()
    assert asked[0] == "db.example"


@pytest.mark.parametrize(
    "option",
    [
        "sslrootcert=/etc/passwd",
        "sslkey=/root/.ssh/id_rsa",
        "service=other",
        "options=-c%20role%3Dpostgres",
        "passfile=/etc/shadow",
        "host=/var/run/postgresql",
        "hostaddr=127.0.0.1",
        "plugin=evil",
        "unix_socket=/run/mysqld/mysqld.sock",
        "read_default_file=/etc/my.cnf",
        "local_infile=1",
        "init_command=DROP%20TABLE%20x",
        "ssl_ca=/etc/passwd",
        "sslmode=disable&sslmode=require",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_an_option_that_reads_files_or_leads_elsewhere_is_refused(kind: str, option: str) -> None:
    connector = CONNECTORS.get(kind).from_settings({"url": f"{kind}://me:pw@db.example/x?{option}"})
    with pytest.raises(NotConfigured, match="which an address may not") as refused:
        connector.check()
    assert option.partition("=")[2] not in str(refused.value)


def test_certificates_lie_in_the_operators_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATABASE_CERTIFICATES = str(tmp_path)
    refuse_unfit_address(
        make_url(f"postgresql://db.example/x?sslmode=verify-full&sslrootcert={tmp_path}/ca.pem")
    )
    refuse_unfit_address(make_url("postgresql://db.example/x?sslrootcert=system"))
    with pytest.raises(NotConfigured):
        refuse_unfit_address(make_url(f"postgresql://db.example/x?sslrootcert={tmp_path}/../ca.pem"))


def test_a_socket_of_this_machine_is_named_by_the_operator(settings: Settings) -> None:
    settings.DATABASE_ALLOWED_HOSTS = []
    named = make_url("postgresql:///x?host=/var/run/postgresql")
    with pytest.raises(NotConfigured, match="sets “host”"):
        refuse_unfit_address(named)
    with pytest.raises(NotConfigured, match="names no host"):
        refuse_unfit_address(make_url("postgresql:///x"))
    settings.DATABASE_ALLOWED_HOSTS = ["/var/run/postgresql"]
    refuse_unfit_address(named)
    with pytest.raises(NotConfigured, match="sets “host”"):
        refuse_unfit_address(make_url("postgresql:///x?host=/var/run/other"))


@pytest.mark.django_db
def test_a_named_postgresql_is_reached_by_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with source_database("create table a (id int primary key)") as url:
        named = make_url(url).set(host="localhost").render_as_string(hide_password=False)
        _resolving(monkeypatch, ["127.0.0.1"])
        assert "answers" in CONNECTORS.get("postgresql").from_settings({"url": named}).check().sentence


def test_a_named_mariadb_is_reached_by_the_address_that_was_looked_at(
    mariadb: MariadbServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mariadb.database("create table a (id int primary key)") as name:
        url = make_url(mariadb.url(name)).set(host="localhost").render_as_string(hide_password=False)
        _resolving(monkeypatch, ["127.0.0.1"])
        assert "answers" in CONNECTORS.get("mariadb").from_settings({"url": url}).check().sentence
