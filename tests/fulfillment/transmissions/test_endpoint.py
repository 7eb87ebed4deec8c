"""The address that somebody types: judged by the guard, at entry and again when something is sent."""

import socket
from typing import Any

import pytest
from pytest_django import Settings

from fulfillment.bundles.models import Bundle
from fulfillment.transmissions.certificate import facts_from
from fulfillment.transmissions.endpoint import judged_endpoint
from fulfillment.transmissions.errors import UnfitEndpoint
from fulfillment.transmissions.states import TransmissionState as S
from fulfillment.transmissions.states import Why
from tests.fulfillment.connectors.test_outbound import PRIVATE
from tests.fulfillment.transmissions.cast import approved, sent
from tests.fulfillment.transmissions.receiver import Receiver

UNFIT = """
http://service.example/import ftp://service.example/ https:///x //service.example/x javascript:alert(1)
https://me:secret@service.example/ https://service.example/#part https://2130706433/ https://0x7f000001/
https://0177.0.0.1/ https://127.1/ https://[::1]/ https://[::ffff:7f00:1]/ https://8.8.8.8/ https://127.0.0.1.:444/
https://service.example:25/ https://service.example:22/ https://localhost/ https://LOCALHOST./ file:///etc/passwd
"""


def _resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked = []

    def resolve(host: str, port: int, *_: Any, **__: Any) -> Any:
        asked.append(host)
        family = socket.AF_INET6 if ":" in addresses[0] else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize("text", [*UNFIT.split(), "", " ", "service", "https://", "https://a b/", "x" * 600])
def test_what_is_no_public_https_address_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UnfitEndpoint) as refused:
        judged_endpoint(text)
    assert refused.value.sentence.endswith((".", "/import"))
    assert "secret" not in refused.value.sentence


@pytest.mark.parametrize("address", [each for each in PRIVATE.split() if "%" not in each])
def test_a_name_that_leads_to_us_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _resolves_to(monkeypatch, address)
    with pytest.raises(UnfitEndpoint, match="private network"):
        judged_endpoint("https://service.example/import")


def test_a_host_that_connectors_may_reach_is_not_open_to_a_person(settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost", "localhost:8443"]
    with pytest.raises(UnfitEndpoint, match="private network"):
        judged_endpoint("https://localhost:8443/import")


def test_a_public_name_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolves_to(monkeypatch, "93.184.216.34")
    found = judged_endpoint("  https://Service.Example/import?for=1 ")
    assert (found.text, found.host) == ("https://service.example/import?for=1", "service.example")
    assert not found.is_lookalike


def test_letters_that_look_alike_are_shown_as_they_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _resolves_to(monkeypatch, "93.184.216.34")
    found = judged_endpoint("https://\u0430pple.example/import")
    assert found.is_lookalike
    assert found.host.startswith("xn--pple-43d")
    assert found.text.isascii()
    assert asked == [found.host]


def test_a_sharp_s_goes_where_it_is_shown_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """The older rules, which Python's own calls follow, would ask for strasse.example."""
    asked = _resolves_to(monkeypatch, "93.184.216.34")
    assert judged_endpoint("https://stra\u00dfe.example/").host == asked[0] == "xn--strae-oqa.example"


@pytest.mark.django_db
def test_a_name_that_turns_to_us_later_is_not_called(
    bundle: Bundle, receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = approved(bundle, receiver.url)
    settings.PORTABILITY_ALLOWED_HOSTS = []
    _resolves_to(monkeypatch, "169.254.169.254")
    found = sent(sending)
    assert (found.transmission.state, found.transmission.why) == (S.FAILED, Why.NOT_ALLOWED)
    assert receiver.heard == []


@pytest.mark.django_db
def test_one_attempt_keeps_to_the_address_it_began_with(
    bundle: Bundle, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = approved(bundle, receiver.url)
    real, asked = socket.getaddrinfo, []

    def once(host: str, *more: Any, **named: Any) -> Any:
        if host == "localhost":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "127.0.0.66"
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    assert sent(sending).transmission.state == S.RECEIVED
    assert asked == ["localhost"]


def test_the_facts_of_a_certificate_are_its_owner_and_days() -> None:
    found = facts_from(
        {
            "subject": ((("organizationName", "Sol Ltd"),), (("commonName", "sol.example"),)),
            "issuer": ((("commonName", "Some Authority"),),),
            "subjectAltName": (("DNS", "sol.example"), ("IP Address", "1.2.3.4")),
            "notBefore": "Nov  1 00:00:00 2026 GMT",
            "notAfter": "Jan 31 00:00:00 2027 GMT",
        }
    )
    assert (found.owner, found.issuer, found.names) == ("Sol Ltd", "Some Authority", ("sol.example",))
    assert (found.valid_from, found.valid_until) == ("2026-11-01", "2027-01-31")
