"""The guard of database addresses: no option that reads our files or leads elsewhere, and a host that may be called.

Databases mostly stand in the company's own network, so which of them may be reached is the operator's word:
DATABASE_ALLOWED_HOSTS, apart from the hosts that web calls may reach. Whatever a name resolves to is looked at for each
connection, and that very address is connected to.
"""

import ipaddress
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from sqlalchemy import URL, Engine, event

from fulfillment.connectors.errors import NotConfigured, Retryable
from fulfillment.connectors.outbound import Address, is_public

# What nobody has to allow: how a connection is made and kept, and how the server's certificate is looked at.
_HARMLESS = frozenset(
    {
        "application_name",
        "channel_binding",
        "charset",
        "connect_timeout",
        "gssencmode",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "require_auth",
        "ssl_check_hostname",
        "ssl_verify_cert",
        "ssl_verify_identity",
        "sslmode",
        "sslnegotiation",
        "tcp_user_timeout",
    }
)
# These name files of this machine: only those of the operator's folder.
_FILES = frozenset({"ssl_ca", "ssl_cert", "ssl_key", "sslcert", "sslcrl", "sslkey", "sslrootcert"})
# The drivers' words for a socket of this machine.
_SOCKETS = frozenset({"host", "unix_socket"})
_PORTS = {"postgresql": 5432, "mysql": 3306}


def refuse_unfit_address(url: URL) -> None:
    """Refuse an address without a host, and options that could read files or lead elsewhere. Raises NotConfigured.

    The options of both drivers that are let through do neither: no `service`, `options`, `passfile`, `hostaddr`,
    `read_default_file`, `local_infile` or `plugin`.
    """
    for name, value in url.query.items():
        if (name in _FILES and _is_operators(value)) or (name in _SOCKETS and _is_allowed_socket(value)):
            continue
        if name not in _HARMLESS or not isinstance(value, str):
            raise NotConfigured(
                f"The address of this database sets “{name}”, which an address may not. Certificates may lie in the "
                "folder DATABASE_CERTIFICATES, a socket of this machine may be named in DATABASE_ALLOWED_HOSTS."
            )
    if not url.host and not _SOCKETS & url.query.keys():
        raise NotConfigured("The address of this database names no host.")


def guard(engine: Engine) -> Engine:
    """Let the engine connect only to addresses that were looked at, each connection anew."""
    event.listen(engine, "do_connect", _connect)
    return engine


def allowed_addresses(host: str, port: int) -> list[str]:
    """What a host resolves to. Raises NotConfigured where one of it may not be reached, Retryable where nothing is."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Retryable("The host of this database cannot be found.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not all(_may_be_reached(host, port, ipaddress.ip_address(each)) for each in addresses):
        raise NotConfigured(
            "The address of this database leads into a private network. "
            "If that is meant, name its host or network in DATABASE_ALLOWED_HOSTS."
        )
    return addresses


def _may_be_reached(host: str, port: int, address: Address) -> bool:
    named = {host.lower(), f"{host.lower()}:{port}"}
    if not named.isdisjoint(each.lower() for each in settings.DATABASE_ALLOWED_HOSTS):
        return True
    if is_public(address):
        return True
    # A whole network never means the services of the machine or of the cloud beside it.
    if address.is_link_local or address.is_loopback or address.is_unspecified or address.is_multicast:
        return False
    return any(address in network for network in _networks(settings.DATABASE_ALLOWED_HOSTS))


def _networks(allowed: Iterable[str]) -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for each in allowed:
        if "/" in each and not each.startswith("/"):
            with suppress(ValueError):
                yield ipaddress.ip_network(each)


def _is_allowed_socket(value: Any) -> bool:
    return str(value).startswith("/") and value in settings.DATABASE_ALLOWED_HOSTS


def _is_operators(value: Any) -> bool:
    """Whether a file lies in the operator's folder; `system` is no file but the machine's own authorities."""
    if value == "system":
        return True
    folder = settings.DATABASE_CERTIFICATES
    return (
        bool(folder)
        and isinstance(value, str)
        and Path(value).resolve().is_relative_to(Path(folder).resolve())
    )


def _connect(dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
    """Look up, look at, and connect to just that; certificates stay those of the name."""
    host = str(named.get("host", ""))
    if host.startswith("/") or "unix_socket" in named:
        return None
    port = int(named.get("port") or _PORTS[dialect.name if dialect.name == "postgresql" else "mysql"])
    addresses = allowed_addresses(host, port)
    if dialect.name == "postgresql":
        named["hostaddr"] = ",".join(addresses)
        named["host"] = ",".join([host] * len(addresses))
        return None
    connection = dialect.loaded_dbapi.connect(*arguments, **named, defer_connect=True)
    connection.connect(_socket(addresses, port, named.get("connect_timeout", 10), dialect))
    return connection


def _socket(addresses: list[str], port: int, timeout: float, dialect: Any) -> socket.socket:
    failure: OSError | None = None
    for each in addresses:
        try:
            opened = socket.create_connection((each, port), timeout)
        except OSError as error:
            failure = error
            continue
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return opened
    # In the driver's own words, by which it is known that the server is away.
    raise dialect.loaded_dbapi.OperationalError(2003, f"cannot connect ({type(failure).__name__})")
