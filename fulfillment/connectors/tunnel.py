"""A way out through the company's own proxy: `CONNECT` to the very address that the guard let through (RFC 9110)."""

import base64
import ssl
from functools import lru_cache
from urllib.parse import unquote

import h11
import httpcore
import httpx

from fulfillment.connectors.errors import NotConfigured

_PORTS = {"http": 80, "https": 443}
_READ_AT_ONCE = 4096


@lru_cache(maxsize=4)
def proxy_at(address: str) -> httpx.URL:
    """The proxy of the settings. Raises NotConfigured."""
    try:
        found = httpx.URL(address)
    except httpx.InvalidURL:
        found = httpx.URL("")
    if found.scheme not in _PORTS or not found.host:
        raise NotConfigured("OUTBOUND_PROXY must be http://host:port or https://host:port.")
    return found


def tunnel(
    network: httpcore.NetworkBackend,
    proxy: httpx.URL,
    *,
    host: str,
    port: int,
    timeout: float | None,
    trusted: ssl.SSLContext,
) -> httpcore.NetworkStream:
    """A connection to `host` and `port` through the proxy, `timeout` seconds for each read and write.

    Raises httpcore.ConnectError when the proxy does not answer, or refuses.
    """
    port_of_proxy = proxy.port or _PORTS[proxy.scheme]
    stream = network.connect_tcp(proxy.host, port_of_proxy, timeout)
    try:
        if proxy.scheme == "https":
            stream = stream.start_tls(trusted, proxy.host, timeout)
        status = _asked(stream, proxy, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", timeout)
    except (httpcore.NetworkError, httpcore.TimeoutException, h11.ProtocolError) as error:
        stream.close()
        raise httpcore.ConnectError("The proxy of OUTBOUND_PROXY does not answer.") from error
    if not httpx.codes.is_success(status):
        stream.close()
        raise httpcore.ConnectError(f"The proxy of OUTBOUND_PROXY refused the way out ({status}).")
    return stream


def _asked(stream: httpcore.NetworkStream, proxy: httpx.URL, target: str, timeout: float | None) -> int:
    said = h11.Connection(h11.CLIENT)
    headers = [("Host", target), *_credentials(proxy)]
    stream.write(said.send(h11.Request(method="CONNECT", target=target, headers=headers)) or b"", timeout)
    while True:
        event = said.next_event()
        if isinstance(event, h11.Response):
            return int(event.status_code)
        if event is h11.NEED_DATA:
            read = stream.read(_READ_AT_ONCE, timeout)
            if not read:
                raise httpcore.ReadError
            said.receive_data(read)


def _credentials(proxy: httpx.URL) -> list[tuple[str, str]]:
    if not proxy.userinfo:
        return []
    plain = unquote(proxy.userinfo.decode())
    return [("Proxy-Authorization", f"Basic {base64.b64encode(plain.encode()).decode()}")]
