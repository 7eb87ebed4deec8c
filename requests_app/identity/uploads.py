"""Files that people upload: kept in memory up to a limit, known by their content, pictures drawn anew."""

import io
import re
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from requests_app.accounts.permissions import OWNER_SESSION_KEY, PORTAL_SESSION_KEY
from requests_app.errors import BadInput

LARGEST = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
# A page of one colour has none; a photograph of anything has several bits.
LEAST_ENTROPY = 0.5
MOST_UNPACKED = 16 * 1024 * 1024
_ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
_STREAM = re.compile(rb"stream\r?\n")
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
# What a document to look at has no need of: it would run, open or hide something.
ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA", b"/Encrypt")


# What a session holds once it knows who uses it: the person, whoever answers for a source, a member of staff.
_KNOWN = (PORTAL_SESSION_KEY, OWNER_SESSION_KEY, "_auth_user_id")


class FileRefused(BadInput):
    """The file is too large, of another kind than its name says, or holds more than something to look at."""

    code = "file_refused"


@dataclass(frozen=True)
class CheckedFile:
    """A file that was looked at: its content, ready to be sealed."""

    content: bytes
    media_type: str


class MemoryUploadHandler(FileUploadHandler):
    """Keeps an upload in memory, never on a disk in the clear, and only from somebody whom a session knows."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        session = getattr(self.request, "session", {})
        if not any(key in session for key in _KNOWN):
            raise TooManyFilesSent
        self._parts: list[bytes] = []
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size > LARGEST:
            self._parts = []
        else:
            self._parts.append(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        # One that is too large keeps its size, so that the form can say so, but not its content.
        return InMemoryUploadedFile(
            io.BytesIO(b"".join(self._parts)),
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            self._size,
            self.charset,
        )


def checked_file(upload: "UploadedFile[bytes]") -> CheckedFile:
    """Look at what was uploaded; its name and declared type count for nothing. Raises FileRefused."""
    if (upload.size or 0) > LARGEST:
        raise FileRefused(_("The file is larger than 8 MB. Take a smaller picture, or one page only."))
    content = upload.read()
    if not content:
        raise FileRefused(_("The file is empty. Choose another one."))
    if content.startswith(b"%PDF-"):
        return CheckedFile(_plain_pdf(content), PDF)
    return _drawn_anew(content)


def _plain_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-2048:]:
        raise FileRefused(_("The PDF is cut off or damaged. Save it again, or send a picture."))
    if any(word in part for part in _readable(content) for word in ACTIVE):
        raise FileRefused(
            _("The PDF is locked, or holds scripts or further files. Send a picture of the page.")
        )
    return content


def _readable(content: bytes) -> Iterator[bytes]:
    """The file and its packed objects with names spelt out: `/J#53` is `/JS` (ISO 32000-1, 7.3.5 and 7.5.7)."""
    yield _spelt_out(content)
    left = MOST_UNPACKED
    for begin in _STREAM.finditer(content):
        if b"/ObjStm" not in _spelt_out(content[max(0, begin.start() - 400) : begin.start()]):
            continue
        try:
            unpacked = zlib.decompressobj().decompress(content[begin.end() :], left + 1)
        except zlib.error:
            raise FileRefused(_("The PDF is packed in a way that we do not open. Send a picture.")) from None
        left -= len(unpacked)
        if left < 0:
            raise FileRefused(_("The PDF unpacks to more than we open. Send a picture of the page."))
        yield _spelt_out(unpacked)


def _spelt_out(content: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)


def _drawn_anew(content: bytes) -> CheckedFile:
    """Decode and draw a picture again: what is not the picture (place, camera, anything hidden) stays behind."""
    refused = FileRefused(_("This is no picture or PDF that we can open. Send a JPEG, a PNG or a PDF."))
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            kind = opened.format
            if opened.width * opened.height > MOST_PIXELS:
                raise FileRefused(_("The picture has too many pixels. Take it again at a smaller size."))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
            # Comments and colour profiles would be written again; they can hold anything.
            picture.info.clear()
    except FileRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning) as error:
        raise refused from error
    except Image.DecompressionBombError as error:
        raise refused from error
    if picture.convert("L").entropy() < LEAST_ENTROPY:
        raise FileRefused(_("The picture shows nothing. Take it again with more light, or choose another."))
    drawn = io.BytesIO()
    picture.save(drawn, format=kind, **({"quality": 90} if kind == "JPEG" else {}))
    return CheckedFile(drawn.getvalue(), JPEG if kind == "JPEG" else PNG)
