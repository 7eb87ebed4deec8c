"""Signed payloads of sessions and tokens: read without their key, and never changed, for the signature would break."""

import base64
import binascii
import re
from collections.abc import Iterator

from fulfillment.traces.packed import TextPart

_B64 = r"[A-Za-z0-9_\-]"
_FORMS = (
    ("jwt", re.compile(rf"(?<![\w.-])(eyJ{_B64}+)\.(eyJ{_B64}+)\.{_B64}*")),
    ("django", re.compile(rf"(?<![\w:-])\.?({_B64}{{8,}}=*):{_B64}{{5,8}}:{_B64}{{27,86}}(?![\w-])")),
    ("flask", re.compile(rf"(?<![\w-])\.?({_B64}{{8,}})\.{_B64}{{5,8}}\.{_B64}{{27,86}}(?![\w-])")),
    ("rails", re.compile(r"(?<![\w+/])([A-Za-z0-9+/_\-]{8,}?(?:=|%3D){0,2})--[0-9a-f]{40,128}\b")),
)


def parts_of(text: str) -> Iterator[TextPart]:
    """The payload of each signed value in the text."""
    for name, form in _FORMS:
        for hit in form.finditer(text):
            for group in range(1, form.groups + 1):
                content = _payload(hit[group])
                if content is not None:
                    yield TextPart(name, *hit.span(), content)


def _payload(written: str) -> bytes | None:
    plain = written.replace("%3D", "").rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return None
