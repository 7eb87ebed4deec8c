"""An object store on this machine that speaks S3: reached as a company's own is, by its address and keys."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import s3fs
from moto.server import ThreadedMotoServer

# Every call would be a line.
logging.getLogger("werkzeug").setLevel(logging.ERROR)
KEY, SECRET = "omne", "not a secret here"


class S3Server:
    """A running store at `url`; `files` is a way to look into it beside the product."""

    key, secret = KEY, SECRET

    def __init__(self, url: str) -> None:
        self.url = url
        self.files = s3fs.S3FileSystem(**self.options, skip_instance_cache=True, use_listings_cache=False)

    def bucket(self, name: str) -> s3fs.S3FileSystem:
        """Make a bucket; gives the way to look into it."""
        self.files.mkdir(name)
        return self.files

    @property
    def options(self) -> dict[str, Any]:
        """What fsspec wants to know of it."""
        return {"key": KEY, "secret": SECRET, "endpoint_url": self.url}


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """A store of its own, gone at the end."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield S3Server(f"http://{host}:{port}")
    finally:
        server.stop()
