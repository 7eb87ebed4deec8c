"""The way to a bucket: every connection goes to the host that was named, at an address that was looked at just then.

The library of buckets looks names up whenever it connects, and follows redirects. So look-up, judgement and connection
are made one here: what is connected to is what was let through, and nothing else is. It needs the library, so it is
imported where a bucket is used only.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_exceptions import ClientError
from botocore.exceptions import BotoCoreError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Judge = Callable[[Address], bool]

# What the library raises when nobody answers; neither is an OSError.
AWAY: tuple[type[Exception], ...] = (BotoCoreError, ClientError)
_PORTS = {"http": 80, "https": 443}


class WayRefused(Exception):
    """The name leads to another host, or to an address that may not be reached."""


class BucketWay(AbstractResolver):
    """Resolves the host of `endpoint`, and names below it such as those of its buckets; opens sockets to just that.

    Without an endpoint any host may be meant, as the cloud names its own.
    """

    def __init__(self, endpoint: str, may_be_reached: Judge) -> None:
        self._endpoint, self._may_be_reached = endpoint, may_be_reached
        parts = urlsplit(endpoint)
        self._host = (parts.hostname or "").lower()
        self._port = parts.port or _PORTS.get(parts.scheme, 0)
        # An address that is written as such is never looked up.
        self._let_through = {self._host} if self._is_literal else set()

    def __repr__(self) -> str:
        # By this the library knows that two clients are the same one.
        return f"BucketWay({self._endpoint!r}, {self._may_be_reached!r})"

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host, all of them judged. Raises WayRefused, and OSError where there is none."""
        if not self._is_ours(host.lower(), port):
            raise WayRefused("The bucket leads to another host.")
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        addresses = [(str(entry[4][0]), entry[0]) for entry in found]
        if not all(self._is_fit(address) for address, _family in addresses):
            raise WayRefused("The bucket leads to an address that may not be reached.")
        self._let_through.update(address for address, _family in addresses)
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=each, proto=0, flags=socket.AI_NUMERICHOST
            )
            for address, each in addresses
        ]

    async def close(self) -> None:
        """There is nothing to close."""

    def open_socket(self, found: AddrInfoType) -> socket.socket:
        """A socket for an address that was let through; a redirect to any other ends here. Raises WayRefused."""
        family, kind, protocol, _name, place = found
        address, port = str(place[0]), place[1]
        if address not in self._let_through or not self._is_fit(address) or port != (self._port or port):
            raise WayRefused("The bucket leads to another host.")
        return socket.socket(family=family, type=kind, proto=protocol)

    @property
    def _is_literal(self) -> bool:
        try:
            ipaddress.ip_address(self._host)
        except ValueError:
            return False
        return True

    def _is_ours(self, host: str, port: int) -> bool:
        is_below = host == self._host or host.endswith(f".{self._host}")
        return not self._host or (is_below and port == self._port)

    def _is_fit(self, address: str) -> bool:
        return self._may_be_reached(ipaddress.ip_address(address))


def guarded(options: Mapping[str, Any], may_be_reached: Judge) -> dict[str, Any]:
    """The options of a bucket with a way that goes to its endpoint only; proxies of the environment are not used."""
    way = BucketWay(str(options.get("endpoint_url", "")), may_be_reached)
    connecting = {"resolver": way, "socket_factory": way.open_socket}
    return {**options, "config_kwargs": {"connector_args": connecting, "proxies": {}}}
