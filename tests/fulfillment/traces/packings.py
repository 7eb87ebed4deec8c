"""The same words in every packing, for the tests of finding and of taking out."""

import base64
import gzip
import io
import json
import zlib
from email.message import EmailMessage
from typing import Any

from django.core import signing

WORDS = "Ann Lee wrote from ann@example.org; Bob answered"


def b64(data: bytes | str) -> str:
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def for_urls(data: bytes | str) -> str:
    return b64(data).rstrip("=").replace("+", "-").replace("/", "_")


def deflated(data: str) -> bytes:
    writer = zlib.compressobj(wbits=-15)
    return writer.compress(data.encode()) + writer.flush()


def mail(words: str = WORDS, encoding: str = "base64") -> bytes:
    message = EmailMessage()
    message["From"] = "Ann Lee <ann@example.org>"
    message["To"] = "bob@example.com"
    message["Subject"] = "Übergabe"
    message.set_content(f"{words} – ja", cte=encoding)
    message.add_attachment(words.encode(), maintype="application", subtype="octet-stream", filename="w.bin")
    return message.as_bytes()


def pdf(words: str = WORDS) -> bytes:
    """A page of text, by hand: what a printer's driver writes is no smaller."""
    stream = zlib.compress(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 300]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    written, places = io.BytesIO(), []
    written.write(b"%PDF-1.4\n")
    for number, each in enumerate(objects, start=1):
        places.append(written.tell())
        written.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    start = written.tell()
    written.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places))
    written.write(b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start)
    return written.getvalue()


HEAD = for_urls('{"alg":"HS256"}')
# Name, value, the decoders on the way.
OPEN: list[tuple[str, Any, tuple[str, ...]]] = [
    ("text", WORDS, ()),
    ("utf-8", WORDS.encode(), ()),
    ("utf-16", WORDS.encode("utf-16"), ()),
    ("latin-1", f"Grüße. {WORDS}".encode("latin-1"), ()),
    ("json", json.dumps({"log": [{"by": WORDS}]}), ("json",)),
    ("json in json", json.dumps({"body": json.dumps({"by": WORDS})}), ("json", "json")),
    ("objects", {"log": [{"by": WORDS}]}, ()),
    ("base64", b64(WORDS), ("base64",)),
    ("base64 in lines", base64.encodebytes(WORDS.encode() * 3).decode(), ("base64",)),
    ("base64 for urls", f"session={for_urls(WORDS)}; path=/", ("base64",)),
    ("base64 of json", b64(json.dumps({"by": WORDS})), ("base64", "json")),
    ("base64 of gzip", b64(gzip.compress(WORDS.encode())), ("base64", "gzip")),
    ("gzip", gzip.compress(WORDS.encode()), ("gzip",)),
    ("zlib", zlib.compress(WORDS.encode()), ("zlib",)),
    ("deflate", deflated(WORDS), ("deflate",)),
    ("php", f'a:1:{{s:4:"note";s:{len(WORDS)}:"{WORDS}";}}', ("php",)),
    ("php session", f'user|s:{len(WORDS)}:"{WORDS}";', ("php",)),
    ("mail in base64", mail(), ("mime",)),
    ("mail quoted", mail(encoding="quoted-printable"), ("mime",)),
    ("mail as text", mail().decode(), ("mime",)),
]
SEALED: list[tuple[str, Any, tuple[str, ...]]] = [
    (
        "jwt",
        f"{HEAD}.{for_urls(json.dumps({'by': WORDS}))}.c2lnbmF0dXJl",
        ("jwt", "json"),
    ),
    ("django", signing.dumps({"by": WORDS}, key="k" * 50), ("django", "json")),
    (
        "django packed",
        signing.dumps({"by": WORDS * 9}, key="k" * 50, compress=True),
        ("django", "zlib", "json"),
    ),
    ("flask", f"{for_urls(json.dumps({'by': WORDS}))}.aRk3Jg.{'x' * 27}", ("flask", "json")),
    (
        "flask packed",
        f".{for_urls(zlib.compress(json.dumps({'by': WORDS}).encode()))}.aRk3Jg.{'x' * 27}",
        ("flask", "zlib", "json"),
    ),
    ("rails", f"{b64(json.dumps({'by': WORDS})).replace('=', '%3D')}--{'0a' * 20}", ("rails", "json")),
    ("old django", b64(f"{'0a' * 20}:{json.dumps({'by': WORDS})}"), ("base64",)),
    ("pdf", pdf(), ("pdf",)),
    ("pickle", b"\x80\x04\x95\x00\x00\x8c\x30" + WORDS.encode() + b"\x94.", ("binary",)),
]
