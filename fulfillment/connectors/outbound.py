"""Calls that leave the house: a name is resolved once, refused unless its address is public, and pinned.

So a source's address, or a name that changes its address between look and call, cannot lead into our own
network. Hosts of the company's own network are named in OUTBOUND_ALLOWED_HOSTS, as `host` or `host:port`.
"""

import ipaddress
import socket
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from ssl import SSLContext
from typing import Any

import httpcore
import httpx
from django.conf import settings

from fulfillment.connectors.errors import NotConfigured, Retryable
from fulfillment.connectors.tunnel import proxy_at, tunnel

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
# Global by their number, and yet the cloud's own services or relays.
_NOT_OURS = frozenset(
    ipaddress.ip_network(text)
    for text in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "2002::/16", "2001::/32", "::/96")
)
_PORTS = {"http": 80, "https": 443}


def is_public(address: Address) -> bool:
    """Whether an address is one of the public network, looked at through every way to write IPv4 in IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64[0]:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address in _NAT64[1] or address.is_site_local or address.scope_id:
            return False
    if address.is_multicast or not address.is_global:
        return False
    return not any(address in network for network in _NOT_OURS if network.version == address.version)


def is_in_our_network(host: str) -> bool:
    """Whether an address that was let through is a private one, which was allowed by name."""
    return not is_public(ipaddress.ip_address(host))


def allowed_hosts() -> frozenset[str]:
    """Hosts that may be called although they are not public."""
    return frozenset(name.lower() for name in getattr(settings, "OUTBOUND_ALLOWED_HOSTS", ()))


def refuse_unfit_url(url: httpx.URL, *, allowed: frozenset[str] | None = None) -> None:
    """Refuse an address that is not plain https, or http to an allowed host. Raises NotConfigured.

    `allowed` are other hosts than those of OUTBOUND_ALLOWED_HOSTS: what the company's own connectors may reach is not
    open to an address that somebody outside has typed.
    """
    if url.scheme not in _PORTS or not url.host:
        raise NotConfigured("The address must begin with https:// and name a host.")
    if url.userinfo or url.fragment:
        raise NotConfigured("The address must hold neither a user nor a fragment.")
    if url.scheme == "http" and not _is_allowed(url, allowed):
        raise NotConfigured(
            "The address must begin with https://; http:// is for hosts named in OUTBOUND_ALLOWED_HOSTS."
        )


class _TimedStream(httpcore.NetworkStream):
    """A connection whose reads all together end in time: a slow drip never meets a limit per read."""

    def __init__(self, stream: httpcore.NetworkStream, transport: "GuardedTransport") -> None:
        self._stream = stream
        self._transport = transport

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, while there is time. Raises httpcore.ReadTimeout."""
        left = self._transport.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return self._stream.read(max_bytes, left if timeout is None else min(timeout, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection behind TLS."""
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._transport)

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection below."""
        return self._stream.get_extra_info(info)


class _TimedNetwork(httpcore.SyncBackend):
    """Opens connections whose reads end with the transport's time."""

    def __init__(self, transport: "GuardedTransport") -> None:
        self._transport = transport

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to an address that the guard has let through, through the proxy where the settings name one."""
        address = getattr(settings, "OUTBOUND_PROXY", "")
        if address and not is_in_our_network(host):
            network, proxy = httpcore.SyncBackend(), proxy_at(address)
            opened = tunnel(network, proxy, host=host, port=port, timeout=timeout, trusted=_trusted())
        else:
            opened = super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _TimedStream(opened, self._transport)


def _trusted() -> SSLContext:
    return _trusting(getattr(settings, "OUTBOUND_CA_FILE", ""))


@lru_cache(maxsize=4)
def _trusting(further: str) -> SSLContext:
    """The authorities we trust, and those of a file; reading them takes longer than many a call."""
    trusted = httpx.create_ssl_context(trust_env=False)
    if further:
        trusted.load_verify_locations(cafile=further)
    return trusted


class GuardedTransport(httpx.HTTPTransport):
    """Connects to the address a name had when first looked up, if it is public or its host is allowed.

    `seconds` is how long a whole answer may take, from the call to the last byte; a call may name more by the extension
    `whole_seconds`. Proxies named in the environment are not used: what they would connect to could not be judged. The
    one of OUTBOUND_PROXY is told the address that was judged; what lies in our own network is reached without it.
    """

    def __init__(self, name: str, *, seconds: float = 20, allowed: frozenset[str] | None = None) -> None:
        super().__init__(verify=_trusted(), trust_env=False, retries=0)
        self._pool = httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=_TimedNetwork(self))
        self._name = name
        self._seconds = seconds
        self._allowed = allowed
        self.until = 0.0
        self._pinned: dict[tuple[str, int], str] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a call to the pinned address; certificate and Host header stay those of the name."""
        self.until = time.monotonic() + request.extensions.get("whole_seconds", self._seconds)
        host = ascii_host(request.url)
        pinned = httpx.Request(
            method=request.method,
            url=request.url.copy_with(host=self._address(request.url)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return super().handle_request(pinned)

    def _address(self, url: httpx.URL) -> str:
        refuse_unfit_url(url, allowed=self._allowed)
        place = (url.host, _port(url))
        if place not in self._pinned:
            self._pinned[place] = _resolved(url, self._name, self._allowed)
        return self._pinned[place]


def certificate_at(
    url: httpx.URL, name: str, *, seconds: float, allowed: frozenset[str] | None = None
) -> Mapping[str, Any]:
    """The certificate that a host shows, as `ssl` reads it; the connection asks for nothing. Raises ConnectorError."""
    refuse_unfit_url(url, allowed=allowed)
    transport = GuardedTransport(name, seconds=seconds, allowed=allowed)
    transport.until = time.monotonic() + seconds
    try:
        opened = _TimedNetwork(transport).connect_tcp(_resolved(url, name, allowed), _port(url), seconds)
        with closing(opened.start_tls(_trusted(), ascii_host(url), seconds)) as secured:
            found: Mapping[str, Any] = secured.get_extra_info("ssl_object").getpeercert()
    except (httpcore.NetworkError, httpcore.TimeoutException) as error:
        raise Retryable(f"{name} cannot be reached ({type(error).__name__}).") from None
    return found


def refuse_private_host(address: str, name: str, *, allowed: frozenset[str] | None = None) -> None:
    """Refuse an address that leads into a private network. Raises NotConfigured.

    For libraries that make their own connections: `may_be_reached` then judges each of these.
    """
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise NotConfigured(f"The address of {name} cannot be used.") from None
    refuse_unfit_url(url, allowed=allowed)
    _resolved(url, name, allowed)


@dataclass(frozen=True)
class MayBeReached:
    """Whether whoever was told to call `place` may connect to an address; where it is empty, to a public one."""

    place: str

    def __call__(self, address: Address) -> bool:
        """Public, or the host of the place is allowed."""
        return is_public(address) or (bool(self.place) and _is_allowed(httpx.URL(self.place), None))


def _resolved(url: httpx.URL, name: str, allowed: frozenset[str] | None = None) -> str:
    try:
        found = socket.getaddrinfo(ascii_host(url), _port(url), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Retryable(f"The host of {name} cannot be found.") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not _is_allowed(url, allowed) and not all(is_public(ipaddress.ip_address(each)) for each in addresses):
        raise NotConfigured(
            f"The address of {name} leads into a private network. "
            "If that is meant, name its host in OUTBOUND_ALLOWED_HOSTS."
        )
    return addresses[0]


def ascii_host(url: httpx.URL) -> str:
    """The host as it travels (IDNA 2008): Python would encode other letters by the older rules, to another name."""
    return url.raw_host.decode("ascii")


def _port(url: httpx.URL) -> int:
    return url.port or _PORTS[url.scheme]


def _is_allowed(url: httpx.URL, allowed: frozenset[str] | None) -> bool:
    host = url.host.lower()
    return not (allowed_hosts() if allowed is None else allowed).isdisjoint({host, f"{host}:{_port(url)}"})
