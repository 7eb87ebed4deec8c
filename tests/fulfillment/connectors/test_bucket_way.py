"""A bucket's address is judged at every connection: rebinding, redirects and other hosts lead nowhere."""

import socket
from collections.abc import Iterator
from typing import Any

import fsspec
import pytest

from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.errors import NotConfigured, Retryable
from fulfillment.datamaps.datamap import DataMap
from requests_app.encryption.buckets import own_bucket
from requests_app.encryption.errors import StoreAway
from requests_app.encryption.store import Store, new_name
from tests.fulfillment.connectors.file_changes.test_files import visits
from tests.json_server import Answer, Asked, JsonServer
from tests.s3_server import S3Server


@pytest.fixture(autouse=True)
def no_client_of_before() -> Iterator[None]:
    """A client keeps its connections, and the library its clients."""
    import_s3 = fsspec.get_filesystem_class("s3")
    import_s3.clear_instance_cache()
    yield
    import_s3.clear_instance_cache()


@pytest.fixture
def inside() -> Iterator[JsonServer]:
    """A service of our own network, which nobody outside shall reach."""
    with JsonServer(lambda _asked: Answer(b"secret")) as server:
        yield server


def _bucket(endpoint: str) -> Connector[Any]:
    given = {"root": "s3://files/x", "access_key": "k", "secret_key": "s", "endpoint_url": endpoint}
    return CONNECTORS.get("object_store").from_settings(given)


def _map() -> DataMap:
    return visits({"erase": "delete"})


def _resolves_to(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Each look-up of the name gives the next of these, and the last from then on."""
    left, looked_up = list(answers), []

    def resolve(host: str, port: Any, *_: Any, **__: Any) -> Any:
        looked_up.append(host)
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, int(port or 0)))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return looked_up


def test_a_name_that_turns_private_after_it_was_judged_is_not_connected_to(
    inside: JsonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = _resolves_to(monkeypatch, "93.184.216.34", "127.0.0.1")
    with pytest.raises(Retryable, match="does not answer"):
        _bucket(f"https://files.test:{inside.port}").check(_map())
    assert len(looked_up) >= 2
    assert inside.asked == []


def test_an_allowed_name_is_connected_to_at_the_address_that_was_looked_up(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["files.test"]
    looked_up = _resolves_to(monkeypatch, "127.0.0.1")
    nothing = Answer(b"<Error><Code>NoSuchBucket</Code></Error>", status=404)
    with JsonServer(lambda _asked: nothing) as server:
        with pytest.raises(NotConfigured, match="No file of Files"):
            _bucket(f"http://files.test:{server.port}").check(_map())
        assert server.asked[0].headers["host"] == f"files.test:{server.port}"
    # A bucket may have a name of its own below that of its store.
    assert all(host.endswith("files.test") for host in looked_up)


@pytest.mark.parametrize("to", ["http://127.0.0.1:{port}/x", "http://inside.test:{port}/x"])
def test_a_redirect_to_another_host_or_port_is_not_followed(
    settings: Any, inside: JsonServer, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1", "inside.test"]
    away = Answer(status=307, headers={"Location": to.format(port=inside.port)})
    with JsonServer(lambda _asked: away) as store:
        monkeypatch.setattr(socket, "getaddrinfo", _here)
        with pytest.raises(Retryable, match="does not answer"):
            _bucket(store.url).check(_map())
        assert store.asked
    assert inside.asked == []


def test_our_own_store_goes_to_no_other_host_either(inside: JsonServer) -> None:
    def answer(_asked: Asked) -> Answer:
        return Answer(status=307, headers={"Location": f"{inside.url}/x"})

    with JsonServer(answer) as elsewhere:
        options = {"key": "k", "secret": "s", "endpoint_url": elsewhere.url}
        store = Store("s3://files/x", **options)
        with pytest.raises(StoreAway):
            store.delete(new_name())
        assert elsewhere.asked
    assert inside.asked == []
    assert own_bucket("file:///x", {}) == {}


def test_our_own_store_is_never_looked_for_where_a_machine_keeps_its_credentials(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_up = _resolves_to(monkeypatch, "169.254.169.254")
    connected: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, place: connected.append(place))
    store = Store("s3://files/x", key="k", secret="s", endpoint_url="http://store.test:9000")
    with pytest.raises(StoreAway):
        store.delete(new_name())
    assert looked_up
    assert connected == []


def test_ordinary_work_goes_on_through_one_client(s3: S3Server, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    s3.bucket("files").pipe_file("files/x/1/visits.jsonl", b'{"id": 1, "mail": "ann@x.org"}\n')
    given = {"root": "s3://files/x", "access_key": s3.key, "secret_key": s3.secret, "endpoint_url": s3.url}
    opened = CONNECTORS.get("object_store")
    first, again = (opened.from_settings(given)._store("Files") for _ in range(2))
    assert first.filesystem is again.filesystem
    assert "has 1 files" in opened.from_settings(given).check(_map()).sentence
    store, name = Store("s3://files/ours", **s3.options), new_name()
    with store.create(name) as sink:
        sink.write(b"sealed")
    with store.open(name) as held:
        assert held.read() == b"sealed"


def test_a_store_that_is_away_is_tried_again(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with JsonServer(lambda _asked: Answer()) as gone:
        url = gone.url
    with pytest.raises(Retryable, match="The bucket of Files does not answer"):
        _bucket(url).check(_map())


def _here(_host: str, port: Any, *_: Any, **__: Any) -> Any:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(port or 0)))]
