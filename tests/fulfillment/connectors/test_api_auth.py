"""Ways to be let in: each as the vendor wants it, tokens shared and renewed, secrets in no text."""

import base64
import time
from typing import Any

import pytest

from fulfillment.connectors.base import Connector
from fulfillment.connectors.errors import ConnectorError, Fatal, NotConfigured
from fulfillment.connectors.memory import OwnMemory
from tests.fulfillment.connectors.asking import found
from tests.fulfillment.connectors.rude_desk import Desk, mapped, tickets
from tests.json_server import Answer, Asked

SECRET = "s3cr3t@:/%ü"
OAUTH = {"kind": "oauth2", "token_url": "/oauth/token", "scope": "read"}
CLIENT = {"client_id": "us", "client_secret": SECRET}


class Issuer:
    """A token endpoint and an API behind it that knows one token at a time."""

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.issued = 0
        self.valid = ""
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/oauth/token":
            self.asked.append(asked)
            self.issued += 1
            self.valid = f"token-{self.issued}"
            return Answer(
                {"access_token": self.valid, "token_type": "Bearer", "expires_in": 600, **self.given}
            )
        if asked.headers.get("authorization") != f"Bearer {self.valid}":
            return Answer({"error": "invalid_token"}, status=401)
        return tickets(1)


@pytest.fixture
def issuer(desk: Desk) -> Issuer:
    """The issuer, behind the desk's address."""
    made = Issuer()
    desk.answers = [made]
    return made


def asked_with(desk: Desk, auth: dict[str, Any], **settings: Any) -> Asked:
    found(desk.connector(**settings), mapped(auth=auth), "ann@x.org")
    return desk.server.asked[-1]


def test_a_key_travels_in_the_header_or_parameter_that_the_map_names(desk: Desk) -> None:
    header = {"kind": "key", "name": "X-Api-Key"}
    assert asked_with(desk, header, token="k1").headers["x-api-key"] == "k1"
    prefixed = {"kind": "key", "name": "Authorization", "prefix": "SSWS "}
    assert asked_with(desk, prefixed, token="k1").headers["authorization"] == "SSWS k1"
    query = {"kind": "key", "in": "query", "name": "api_key"}
    assert asked_with(desk, query, token="k&1=ü").query == {
        "mail": "ann@x.org",
        "page": "1",
        "api_key": "k&1=ü",
    }


def test_basic_takes_the_user_of_the_settings_or_the_word_of_the_map(desk: Desk) -> None:
    own = asked_with(desk, {"kind": "basic"}, user="ops@x.org/token", password=SECRET)
    fixed = asked_with(desk, {"kind": "basic", "user": "api"}, password=SECRET)
    for asked, user in ((own, "ops@x.org/token"), (fixed, "api")):
        sent = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
        assert sent == f"{user}:{SECRET}"


@pytest.mark.parametrize(
    ("auth", "missing"),
    [
        ({"kind": "bearer"}, "token"),
        ({"kind": "key", "name": "k"}, "token"),
        ({"kind": "basic"}, "user"),
        ({"kind": "basic", "user": "api"}, "password"),
        (OAUTH, "client_id"),
        ({**OAUTH, "grant": "refresh_token"}, "client_id"),
    ],
)
def test_settings_that_lack_what_the_map_speaks_of_are_refused(
    desk: Desk, auth: dict[str, Any], missing: str
) -> None:
    with pytest.raises(NotConfigured, match=f"lack the {missing} that its map"):
        desk.connector(token=None).refuse_unfit_map(mapped(auth=auth))


def test_a_token_is_fetched_once_and_shared(desk: Desk, issuer: Issuer) -> None:
    memory = OwnMemory()
    for _ in range(3):
        connector = desk.connector(**CLIENT)
        connector.memory = memory
        assert found(connector, mapped(auth=OAUTH), "ann@x.org")
    assert [each.form for each in issuer.asked] == [
        {"grant_type": "client_credentials", "scope": "read", "client_id": "us", "client_secret": SECRET}
    ]


def test_the_clients_own_secret_may_travel_as_basic(desk: Desk, issuer: Issuer) -> None:
    found(desk.connector(**CLIENT), mapped(auth={**OAUTH, "send": "basic"}), "ann@x.org")
    sent = base64.b64decode(issuer.asked[0].headers["authorization"].removeprefix("Basic ")).decode()
    assert sent == "us:s3cr3t%40%3A%2F%25%C3%BC"
    assert "client_secret" not in issuer.asked[0].form


def test_a_refused_token_is_renewed_once(desk: Desk, issuer: Issuer) -> None:
    connector = desk.connector(**CLIENT)
    assert found(connector, mapped(auth=OAUTH), "ann@x.org")
    issuer.valid = "revoked"
    assert found(connector, mapped(auth=OAUTH), "ann@x.org")
    assert issuer.issued == 2
    desk.answers = [lambda asked: issuer(asked) if "oauth" in asked.path else Answer(status=401)]
    before = len(desk.server.asked)
    assert "refuses the credentials" in str(desk.fails(mapped(auth=OAUTH), **CLIENT))
    assert [each.path for each in desk.server.asked[before:]] == [
        "/oauth/token",
        "/tickets",
        "/oauth/token",
        "/tickets",
    ]


def test_a_token_that_is_almost_over_is_not_used(desk: Desk, issuer: Issuer) -> None:
    issuer.given = {"expires_in": 20}
    connector = desk.connector(**CLIENT)
    for _ in range(2):
        found(connector, mapped(auth=OAUTH), "ann@x.org")
    assert issuer.issued == 2


def test_changed_settings_do_not_use_the_token_of_the_old_ones(desk: Desk, issuer: Issuer) -> None:
    memory = OwnMemory()
    for secret in ("one", "two"):
        connector = desk.connector(client_id="us", client_secret=secret)
        connector.memory = memory
        found(connector, mapped(auth=OAUTH), "ann@x.org")
    assert [each.form["client_secret"] for each in issuer.asked] == ["one", "two"]


def test_a_refresh_token_that_changes_at_each_use_is_kept(desk: Desk, issuer: Issuer) -> None:
    connector = desk.connector(refresh_token="r0", **CLIENT)
    for number in (1, 2, 3):
        issuer.given = {"refresh_token": f"r{number}"}
        found(connector, mapped(auth={**OAUTH, "grant": "refresh_token"}), "ann@x.org")
        issuer.valid = "over"
    assert [each.form["refresh_token"] for each in issuer.asked] == ["r0", "r1", "r2"]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (
            Answer({"error": "invalid_client", "error_description": SECRET}, status=401),
            NotConfigured,
            "invalid_client",
        ),
        (Answer({"error": SECRET}, status=400), NotConfigured, "settings."),
        (Answer({"token": "x"}), Fatal, "without a token"),
        (Answer({"access_token": "x", "token_type": "mac"}), Fatal, "without a token"),
        (Answer(b"<html>" + SECRET.encode()), Fatal, "not JSON"),
        (Answer(status=404), NotConfigured, "no tokens at the address"),
        (Answer(status=302, headers={"Location": "http://169.254.169.254/"}), NotConfigured, "not followed"),
    ],
)
def test_a_token_endpoint_that_gives_none_is_a_sentence_without_secrets(
    desk: Desk, answer: Answer, kind: type[ConnectorError], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answers = [answer]
    failure = desk.fails(mapped(auth=OAUTH), **CLIENT)
    assert isinstance(failure, kind)
    assert words in str(failure)
    assert SECRET not in str(failure) + caplog.text


@pytest.mark.parametrize(
    "url", ["https://127.0.0.2/token", "https://[::ffff:7f00:2]/token", "https://0x7f000002/t"]
)
def test_tokens_are_not_fetched_from_a_private_network(desk: Desk, url: str) -> None:
    failure = desk.fails(mapped(auth={**OAUTH, "token_url": url}), **CLIENT)
    assert isinstance(failure, NotConfigured)
    assert "private network" in str(failure)


def test_secrets_are_in_no_text_of_what_holds_them(desk: Desk, issuer: Issuer) -> None:
    connector: Connector[Any] = desk.connector(**CLIENT, refresh_token=SECRET, password=SECRET)
    found(connector, mapped(auth=OAUTH), "ann@x.org")
    held = connector.memory.recall("oauth2")
    assert held["until"] > time.time() + 500
    assert SECRET not in repr(connector.settings) + repr(connector)
    assert SECRET not in repr(held)
