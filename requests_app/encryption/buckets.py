"""How our own buckets are reached: by the endpoint that the operator named, and at no other host."""

import ipaddress
from collections.abc import Mapping
from importlib import import_module
from typing import Any
from urllib.request import getproxies

# The library's own 50 MB are held several times over while a part is sent. Ten thousand parts, which is as many as S3
# takes, are 84 GB; it takes no part below 5 MB but the last.
BYTES_A_PART = 8 * 1024 * 1024


def in_small_parts(url: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a place of files, so that a bucket's library holds little of a file at a time."""
    return {"default_block_size": BYTES_A_PART, **options} if url.startswith("s3://") else dict(options)


def own_bucket(url: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """What the library of files wants to know of a place of ours, a bucket's endpoint guarded.

    The operator names it, so it may well be a private one. Where the environment names a proxy, that one decides.
    """
    if not url.startswith("s3://") or "endpoint_url" not in options or getproxies():
        return dict(options)
    guarded: dict[str, Any] = import_module("requests_app.encryption.bucket_way").guarded(options, _is_a_host)
    return guarded


def _is_a_host(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether a bucket can lie there: the machine's own credentials are at a link-local address."""
    return not (address.is_link_local or address.is_multicast or address.is_unspecified)
