"""A file on its way to and from an object store is never held whole: a hundred megabytes cost no more than ten."""

import json
import os
import subprocess
import sys

import pytest

from requests_app.encryption.store import new_name
from tests.s3_server import S3Server

pytestmark = pytest.mark.slow
# In a process of its own, as the store's stand-in holds what it is given in this one.
CHILD = """
import json, sys
import django
django.setup()
from bench.cost import peak_memory
from requests_app.encryption.files import create_sealed, open_sealed, wrapped_file_key
from requests_app.encryption.store import Store, new_name

def carry(store, megabytes):
    name = new_name()
    key, block = wrapped_file_key(name=name), bytes(range(256)) * 1024
    with create_sealed(store, name=name, wrapped_key=key) as sink:
        for _ in range(megabytes * 4):
            sink.write(block)
    with open_sealed(store, name=name, wrapped_key=key) as source:
        assert sum(map(len, source.chunks())) == megabytes * 4 * len(block)
    return peak_memory()

asked = json.loads(sys.argv[1])
store = Store(asked["url"], **asked["options"])
print(json.dumps([carry(store, megabytes) for megabytes in (1, 10, 100)]))
"""


def test_what_is_held_does_not_grow_with_the_file(s3: S3Server) -> None:
    bucket = f"memory-{new_name()}"
    s3.bucket(bucket)
    asked = json.dumps({"url": f"s3://{bucket}/files", "options": s3.options})
    done = subprocess.run(
        [sys.executable, "-c", CHILD, asked],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    little, ten, hundred = json.loads(done.stdout.splitlines()[-1])
    assert ten - little < 60, f"ten megabytes cost {ten - little:.0f}"
    assert hundred - ten < 10, f"ninety megabytes more cost {hundred - ten:.0f}"
