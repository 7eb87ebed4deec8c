"""Documents that an owner hands in: a PDF, a picture, or plain text, known by their content."""

import unicodedata
from typing import TYPE_CHECKING

from requests_app.identity.uploads import LARGEST, CheckedFile, FileRefused, checked_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

TEXT = "text/plain"
_PICTURES = (b"\x89PNG", b"\xff\xd8", b"%PDF-")
_SPACES = "\t\n\r\f"


def checked_paper(upload: "UploadedFile[bytes]") -> CheckedFile:
    """Look at a document; its name and declared type count for nothing. Raises FileRefused."""
    if (upload.size or 0) > LARGEST:
        raise FileRefused("The file is larger than 8 MB. Hand it in in parts.")
    head = upload.read(8)
    upload.seek(0)
    if head.startswith(_PICTURES):
        return checked_file(upload)
    return _plain_text(upload.read())


def _plain_text(content: bytes) -> CheckedFile:
    """Text as it is, which opens as text and nothing else."""
    refused = FileRefused(
        "This is no document that we take. Hand in a PDF, a JPEG, a PNG, or plain text in UTF-8."
    )
    if not content.strip():
        raise FileRefused("The file is empty. Choose another one.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused from None
    if any(unicodedata.category(mark) == "Cc" and mark not in _SPACES for mark in text):
        raise refused
    return CheckedFile(text.encode(), TEXT)
