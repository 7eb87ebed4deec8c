"""What the bench measures is the whole job: every row of the person, found, packed and erased by the real code."""

import io
import json
import os
import zipfile
from collections.abc import Iterator

import psycopg
import pytest

from bench.databases import make_database
from bench.limits import THEIRS, copy_to_nowhere, update_by_hand
from bench.measures.cases import a_request, approve, case_worker, look_through, pack, search, shop_source
from bench.shop.load import load
from bench.shop.people import everybody
from fulfillment.bundles import build
from fulfillment.bundles.base import formats_in_order
from requests_app.encryption.files import open_sealed
from requests_app.encryption.store import current_store
from tests.servers import TestServers

EMAIL = "subject-0001@bench.example"


@pytest.fixture
def shop(running_servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    admin, name = os.environ["DATABASE_URL"], f"bench_shop_{os.getpid()}"
    url = make_database(admin, name)
    load(url, everybody(background=3, small=2, erased=1, large=False))
    monkeypatch.setenv("BENCH_SHOP", url)
    yield url
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.mark.django_db
def test_a_small_person_is_found_and_packed_whole(
    shop: str, settings, tmp_path, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries
) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    without = [each for each in formats_in_order() if each.label != "PDF"]
    monkeypatch.setattr(build, "formats_in_order", lambda: without)
    shop_source()
    staff, asked = case_worker(), a_request(EMAIL)
    # Each statement is a way there and back: more of them are time for every person, whatever their size.
    with django_assert_max_num_queries(15):
        approve(asked, staff)
    with django_assert_max_num_queries(30):
        assert search(asked) == 40
    look_through(asked, staff)
    with django_assert_max_num_queries(34):
        bundle = pack(asked, staff)
    name, key = bundle.store_name, bytes(bundle.wrapped_key)
    with open_sealed(current_store(), name=name, wrapped_key=key) as sealed:
        packed = zipfile.ZipFile(io.BytesIO(b"".join(sealed.chunks())))
    data = json.loads(packed.read("data.json"))
    (source,) = data["sources"]
    assert data["record_count"] == 40
    assert sum(len(each["records"]) for each in source["collections"]) == 40
    assert sum(len(each["records"][0]) for each in source["collections"]) == 49
    tables = [name for name in packed.namelist() if name.endswith(".csv")]
    assert len(tables) == len(THEIRS) == 11


def test_the_limit_reads_and_changes_the_same_rows(shop: str) -> None:
    assert copy_to_nowhere(shop, EMAIL) == 40
    assert update_by_hand(shop, EMAIL) == 20
