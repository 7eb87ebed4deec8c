"""The address that a person names: read once, judged by the outgoing guard, shown in the letters that travel too."""

import ipaddress
from dataclasses import dataclass

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from fulfillment.connectors.errors import NotConfigured, Retryable
from fulfillment.connectors.outbound import ascii_host, refuse_private_host
from fulfillment.transmissions.errors import UnfitEndpoint

LONGEST = 500
HTTPS = 443
FIRST_FREE_PORT = 1024


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address in its parts: `host` as it travels, `reads_as` as a browser may draw it."""

    url: httpx.URL
    host: str
    reads_as: str

    @property
    def text(self) -> str:
        """The whole address in plain ASCII."""
        return str(self.url)

    @property
    def is_lookalike(self) -> bool:
        """Whether the name holds letters beyond ASCII, which may look like others (Unicode TR 39)."""
        return self.reads_as != self.host

    @property
    def origin(self) -> tuple[str, int]:
        """Host and port: what the other service answers with must not lead anywhere else."""
        return self.host, self.url.port or HTTPS


def allowed_hosts() -> frozenset[str]:
    """Private hosts that a copy may go to: a list of its own, as the address is typed by somebody outside."""
    return frozenset(name.lower() for name in settings.PORTABILITY_ALLOWED_HOSTS)


def endpoint_from(text: str) -> Endpoint:
    """An address in its parts, whether or not it may be sent to. Raises UnfitEndpoint."""
    try:
        url = httpx.URL(text.strip())
        host = ascii_host(url).lower().rstrip(".")
        reads_as = url.host
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise UnfitEndpoint(
            _("This is not a web address. It looks like https://service.example/import")
        ) from None
    return Endpoint(url.copy_with(host=host) if host else url, host, reads_as.lower().rstrip("."))


def judged_endpoint(text: str) -> Endpoint:
    """The address that somebody typed, if a copy may be sent there. Raises UnfitEndpoint.

    The same guard judges it again, and pins it, each time something is sent.
    """
    if len(text.strip()) > LONGEST:
        raise UnfitEndpoint(_("This address is too long."))
    found = endpoint_from(text)
    _refuse_other_than_https(found)
    try:
        refuse_private_host(found.text, "the other service", allowed=allowed_hosts())
    except NotConfigured:
        raise UnfitEndpoint(
            _(
                "This address leads into a private network, or cannot be used. "
                "Ask the other service for its public address."
            )
        ) from None
    except Retryable:
        raise UnfitEndpoint(_("There is no such host. Check the spelling of the address.")) from None
    return found


def _refuse_other_than_https(found: Endpoint) -> None:
    if found.url.scheme != "https" or not found.host:
        raise UnfitEndpoint(_("The address must begin with https:// and name a host."))
    if found.url.userinfo or found.url.fragment:
        raise UnfitEndpoint(_("The address must hold neither a user name nor a # part."))
    if _is_number(found.host):
        raise UnfitEndpoint(_("The address must name a host, such as service.example, not a number."))
    port = found.url.port or HTTPS
    if port != HTTPS and port < FIRST_FREE_PORT:
        raise UnfitEndpoint(_("The address names a port that is not for this."))


def _is_number(host: str) -> bool:
    """Whether a host is an address itself, in any of the spellings that resolvers read as one."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        last = host.rpartition(".")[2]
        return last.isdigit() or last.startswith("0x")
    return True
