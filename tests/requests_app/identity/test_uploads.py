"""What people upload is known by its content, limited, and drawn anew."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from requests_app.identity.uploads import JPEG, LARGEST, MOST_UNPACKED, PDF, PNG, FileRefused, checked_file
from tests.proofs import picture

A_PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _checked(content: bytes, name: str = "x") -> str:
    return checked_file(SimpleUploadedFile(name, content)).media_type


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", JPEG), ("PNG", PNG)])
def test_a_picture_is_known_by_its_content_whatever_its_name(kind: str, media_type: str) -> None:
    assert _checked(picture(kind), "paper.exe") == media_type


def test_a_plain_pdf_is_taken() -> None:
    assert _checked(A_PDF) == PDF


def test_a_pdf_with_packed_objects_is_taken() -> None:
    assert _checked(_packed(b"1 0 <</Type/Page>>")) == PDF


def _bomb(side: int = 20_000) -> bytes:
    """A picture of so many times so many pixels in a few bytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


def _blank() -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(sink, format="PNG")
    return sink.getvalue()


def _gif() -> bytes:
    sink = io.BytesIO()
    Image.effect_mandelbrot((64, 64), (-2, -1.5, 1, 1.5), 20).save(sink, format="GIF")
    return sink.getvalue()


def _packed(content: bytes) -> bytes:
    """A PDF with an object stream, as most programs write them."""
    stream = (
        b"2 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n"
        + zlib.compress(content)
        + b"\nendstream endobj\n"
    )
    return A_PDF.replace(b"trailer", stream + b"trailer")


REFUSED = {
    "empty": b"",
    "text": b"my passport",
    "script": b"<script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "program": b"MZ" + b"\0" * 400,
    "archive": b"PK\x03\x04" + b"\0" * 400,
    "half a picture": picture()[:600],
    "a head and no picture": b"\x89PNG\r\n\x1a\n",
    "another kind of picture": _gif(),
    "too many pixels": _bomb(),
    "nothing to see": _blank(),
    "a PDF that runs": A_PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
    "a PDF that holds files": A_PDF.replace(b"/Catalog", b"/Catalog/EmbeddedFiles"),
    "a PDF that is locked": A_PDF.replace(b"/Root", b"/Encrypt 2 0 R/Root"),
    "a PDF that runs under another spelling": A_PDF.replace(
        b"/Catalog", b"/Catalog/A<</S/J#61vaScript/J#53(1)>>"
    ),
    "a PDF that runs from a packed object": _packed(b"<</S/JavaScript/JS(app.alert(1))>>"),
    "a PDF that unpacks to too much": _packed(b"0" * (MOST_UNPACKED + 1)),
    "a PDF that is packed otherwise": _packed(b"1 0 <<>>").replace(b"stream\nx", b"stream\n!"),
    "a PDF that is cut": A_PDF[:20],
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_picture_or_plain_pdf_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        _checked(content, "passport.jpg")
    assert refused.value.sentence.endswith(".")


def test_more_pixels_than_we_look_at_are_refused_before_any_is_drawn() -> None:
    with pytest.raises(FileRefused, match="too many pixels"):
        _checked(_bomb(8_000))


def test_too_large_is_refused() -> None:
    with pytest.raises(FileRefused, match="8 MB"):
        _checked(b"\xff\xd8\xff" + b"\0" * LARGEST)


HIDDEN = b"taken at zqx7canary street"


def _with_exif() -> dict[str, object]:
    exif = Image.Exif()
    exif[0x010E] = HIDDEN.decode()
    return {"exif": exif}


def _with_text() -> dict[str, object]:
    found = PngInfo()
    found.add_text("place", HIDDEN.decode())
    return {"pnginfo": found}


@pytest.mark.parametrize(
    ("kind", "hidden"),
    [
        ("JPEG", _with_exif()),
        ("JPEG", {"comment": HIDDEN}),
        ("JPEG", {"xmp": HIDDEN}),
        ("JPEG", {"icc_profile": HIDDEN}),
        ("PNG", _with_exif()),
        ("PNG", _with_text()),
    ],
)
def test_what_hides_beside_the_picture_stays_behind(kind: str, hidden: dict[str, object]) -> None:
    sink = io.BytesIO()
    Image.open(io.BytesIO(picture())).save(sink, format=kind, **hidden)
    content = sink.getvalue() + b"<?php zqx7canary ?>"
    assert content.count(b"zqx7canary") == 2
    assert b"zqx7canary" not in checked_file(SimpleUploadedFile("x.jpg", content)).content


def test_a_colour_profile_which_can_hold_anything_stays_behind() -> None:
    sink = io.BytesIO()
    Image.open(io.BytesIO(picture())).save(sink, format="PNG", icc_profile=HIDDEN)
    assert b"iCCP" in sink.getvalue()
    assert b"iCCP" not in checked_file(SimpleUploadedFile("x.png", sink.getvalue())).content
