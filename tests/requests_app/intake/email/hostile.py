"""Messages made to hurt whoever reads them: slow, deep, many, swelling, misleading."""

import base64
import zlib
from collections.abc import Callable
from struct import pack

HEAD = b"From: Mallory <m@x.example>\nSubject: Harm\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\n\n"
MILLION = 1_000_000


def multipart(boundary: bytes, *parts: bytes) -> bytes:
    head = HEAD + b'Content-Type: multipart/mixed; boundary="%s"\n\n' % boundary
    return head + b"".join(b"--%s\n%s\n" % (boundary, part) for part in parts)


def file(kind: bytes, content: bytes, encoding: bytes = b"base64") -> bytes:
    coded = base64.encodebytes(content) if encoding == b"base64" else content
    return b"Content-Type: %s\nContent-Transfer-Encoding: %s\n\n%s" % (kind, encoding, coded)


def tnef(*attributes: tuple[int, bytes]) -> bytes:
    each = (pack("<BII", 1, kind, len(value)) + value + b"\0\0" for kind, value in attributes)
    return pack("<IH", 0x223E9F78, 1) + b"".join(each)


def swelling_rtf() -> bytes:
    """A few bytes that copy the same run again and again."""
    body = b"\0" + b"A" * 8 + (b"\xff" + b"\x0f\x0f" * 8) * 60_000
    return pack("<IIII", len(body), 2**31, 0x75465A4C, 0) + body


def properties(number: int, value: bytes) -> bytes:
    return pack("<IHHII", 1, 0x0102, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def deep_ber() -> bytes:
    inner = b""
    for _ in range(2_000):
        inner = b"\x24\x80" + inner + b"\0\0"
    content = b"\x06\x09" + bytes.fromhex("2a864886f70d010701") + b"\xa0\x80" + inner + b"\0\0"
    signed = b"\x02\x01\x01\x31\x00\x30\x80" + content + b"\0\0"
    info = b"\x06\x09" + bytes.fromhex("2a864886f70d010702") + b"\xa0\x80\x30\x80" + signed + b"\0\0\0\0"
    return b"\x30\x80" + info + b"\0\0"


# What each is must stay readable here; it is made only when it is asked for.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a subject of 2 MB": lambda: b"Subject: " + b"x" * 2 * MILLION + b"\n\nhi",
    "a header line of 10 MB": lambda: HEAD + b"X-Long: " + b"y" * 10 * MILLION + b"\n\nhi",
    "a million folded lines": lambda: HEAD + b"X-Fold: a\n" + b" b\n" * MILLION + b"\nhi",
    "a million headers": lambda: HEAD + b"X-A: b\n" * MILLION + b"\nhi",
    "20,000 addresses": lambda: b"To: " + b", ".join(b"a%d@x.example" % n for n in range(20_000)) + b"\n\nhi",
    "a million commas in To": lambda: HEAD + b"To: " + b"," * MILLION + b"\n\nhi",
    "open brackets in From": lambda: b"From: " + b"(" * 900 + b"<" * 900 + b"\n\nhi",
    "open quotes in From": lambda: b"From: " + b'"\\' * 15_000 + b"\n\nhi",
    "a long run before no address": lambda: b"From: " + b"a" * 31_000 + b"@\n\nhi",
    "a group in a group": lambda: b"From: " + b"a:" * 15_000 + b"\n\nhi",
    "gigantic References": lambda: HEAD + b"References:" + b" <a@x.example>\n" * 300_000 + b"\nhi",
    "words that never end": lambda: b"Subject: " + b"=?utf-8?q?a" * 5_000 + b"\n\nhi",
    "a huge word": lambda: b"Subject: =?utf-8?b?" + b"QUFB" * 500_000 + b"?=\n\nhi",
    "ten thousand words": lambda: b"Subject: " + b"=?utf-8?q?=C3?= =?utf-8?q?=A9?= " * 10_000 + b"\n\nhi",
    "parameters without end": lambda: HEAD + b"Content-Type: text/plain" + b';a="' * 8_000 + b"\n\nhi",
    "pieces of a name": lambda: (
        HEAD
        + b"Content-Disposition: attachment"
        + b"".join(b"; filename*%d*=%%41" % n for n in range(1_500))
        + b"\n\nhi"
    ),
    "blanks before parameters": lambda: HEAD + b"Content-Type: text/plain" + b" " * 31_000 + b"x\n\nhi",
    "words without end in From": lambda: b"From: " + b"=?utf-8?q?a" * 2_900 + b"\n\nhi",
    "words of base64 without end": lambda: b"Subject: " + b"=?utf-8?b?QUF?=" * 2_000 + b"\n\nhi",
    "comments in comments": lambda: b"From: " + b"((a)" * 7_500 + b"\n\nhi",
    "addresses of blanks": lambda: b"From: <" + b" " * 31_000 + b"@ .>\n\nhi",
    "percents in a name": lambda: (
        HEAD + b"Content-Disposition: attachment; filename=" + b"%C3" * 10_000 + b"\n\nhi"
    ),
    "1,000 nested parts": lambda: b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1_000)
    ),
    "20,000 parts": lambda: multipart(b"b", *[b"\nx"] * 20_000),
    "boundaries that nest without end": lambda: multipart(
        b"b", *[b'Content-Type: multipart/mixed; boundary="b"\n'] * 20_000
    ),
    "a boundary on every line": lambda: (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--bb\n" * MILLION
    ),
    "messages in messages": lambda: HEAD + b"Content-Type: message/rfc822\n\n" * 5_000 + b"\nhi",
    "hundreds of attached messages": lambda: multipart(
        b"b", *[b"Content-Type: message/rfc822\n\nSubject: a\n\n" + b"x" * 50_000] * 600
    ),
    "a million quoted lines": lambda: HEAD + b"\n" + b"> a\n" * MILLION,
    "a million short lines": lambda: HEAD + b"\n" + b"a\n" * MILLION,
    "a line of 10 MB": lambda: HEAD + b"\n" + b"wrote " * 1_700_000 + b":",
    "many lines that almost quote": lambda: HEAD + b"\n" + (b"On " + b"a@" * 140 + b"\n") * 3_000,
    "many From lines": lambda: HEAD + b"\n" + b"From: x\n" * 300_000,
    "deep quoting": lambda: (
        HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b">" * MILLION + b" a \n" * 10
    ),
    "100,000 nested tags": lambda: HTML + b"<div><b>" * 100_000 + b"hi",
    "a million entities": lambda: HTML + b"&amp;&#x1F600;&notanentity;" * 100_000,
    "an entity of a megabyte": lambda: HTML + b"&#" + b"9" * MILLION + b";&" + b"a" * MILLION,
    "open comments": lambda: HTML + b"<!--" * 200_000,
    "open attributes": lambda: HTML + b"<a href='" * 100_000,
    "open tags": lambda: HTML + b"<a " * 300_000,
    "scripts that never end": lambda: HTML + b"<script>" * 100_000,
    "links without labels": lambda: HTML + b"<a href=http://x.example/a>" * 50_000 + b"</a>" * 50_000,
    "blanks in a tag": lambda: HTML + b"<a " + b" " * MILLION + b"href",
    "base64 with garbage": lambda: multipart(
        b"b", file(b"image/png", b"%&!=\x00\xffA" * 800_000, b"base64 ")
    ),
    "base64 of padding": lambda: multipart(b"b", file(b"image/png", b"A===" * MILLION, b"base64 ")),
    "quoted-printable of escapes": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n=4" * MILLION
    ),
    "uuencode of nothing": lambda: (
        HEAD + b"Content-Transfer-Encoding: x-uuencode\n\n" + b"begin 644 a\n" + b"!\n" * MILLION
    ),
    "utf-7 without end": lambda: HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+AAA" * MILLION,
    "escapes of iso-2022-jp": lambda: (
        HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B\x1b(B" * MILLION
    ),
    "bytes of no charset": lambda: HEAD + b"\n" + bytes(range(128, 256)) * 20_000,
    "a zip that would swell": lambda: multipart(
        b"b", file(b"application/zip; name=a.zip", zlib.compress(b"\0" * 50 * MILLION, 9))
    ),
    "a winmail.dat of attributes": lambda: multipart(
        b"b", file(b"application/ms-tnef", tnef(*[(0x00069002, b"")] * 50_000))
    ),
    "a winmail.dat that would swell": lambda: multipart(
        b"b", file(b"application/ms-tnef", tnef((0x00069003, properties(0x1009, swelling_rtf()))))
    ),
    "a signature of signatures": lambda: multipart(b"b", file(b"application/pkcs7-mime", deep_ber())),
    "armour without end": lambda: HEAD + b"\n" + b"-----BEGIN PGP SIGNED MESSAGE-----\n" * 100_000,
    "a calendar of events": lambda: (
        HEAD + b"Content-Type: text/calendar\n\n" + b'BEGIN:VEVENT\nSUMMARY;a="b\nDTSTART:x\n' * 100_000
    ),
    "parameters of an event": lambda: (
        HEAD + b"Content-Type: text/calendar\n\nBEGIN:VEVENT\nSUMMARY" + b';a="' * 40_000
    ),
    "a bounce of addresses": lambda: (
        b"From: mailer-daemon@x.example\nSubject: failure notice\n\n"
        + b"a.b-" * 100_000
        + b"@" * 100
        + b" a@b.example" * 50_000
    ),
    "a report of groups": lambda: (
        HEAD
        + b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
        + b"Final-Recipient: a@b.example\n\n" * 100_000
        + b"--b--"
    ),
    "nothing but NUL": lambda: b"\0" * 5 * MILLION,
    "nothing but line ends": lambda: b"\n" * 5 * MILLION,
    "nothing but carriage returns": lambda: b"\r" * 5 * MILLION,
    "nothing but blanks": lambda: b" " * 5 * MILLION,
    "nothing but equal signs": lambda: (
        b"Subject: a\nContent-Transfer-Encoding: base64\n\n" + b"=" * 5 * MILLION
    ),
}
