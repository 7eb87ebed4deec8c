"""What a timestamp authority signed (RFC 3161): that the file of an anchor existed at a moment of its clock."""

from datetime import datetime
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates
from django.conf import settings
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from requests_app.audit.anchors.errors import StatementBroken
from requests_app.audit.anchors.in_order import with_certificates_in_order

# Granted, and granted with changes (RFC 3161, 2.4.2).
_GIVEN = (0, 1)


def can_check_stamps() -> bool:
    """Whether the settings name authorities to trust."""
    return bool(settings.TIMESTAMP_CERTIFICATES)


def stamped_at(answer: bytes, *, content: bytes, nonce: int | None = None) -> datetime:
    """When an authority we trust stamped this file. Raises StatementBroken."""
    builder = VerifierBuilder() if nonce is None else VerifierBuilder().nonce(nonce)
    try:
        for each in load_pem_x509_certificates(Path(settings.TIMESTAMP_CERTIFICATES).read_bytes()):
            builder = builder.add_root_certificate(each)
        response = _read(answer)
        builder.build().verify_message(response, content)
        return response.tst_info.gen_time
    except OSError:
        raise StatementBroken("The file of TIMESTAMP_CERTIFICATES cannot be read.") from None
    except (VerificationError, ValueError):
        raise StatementBroken(
            "A timestamp is not about its anchor, or not of an authority of TIMESTAMP_CERTIFICATES."
        ) from None


def _read(answer: bytes) -> TimeStampResponse:
    """An answer as the authority gave it. Raises StatementBroken where it is none."""
    try:
        response = decode_timestamp_response(with_certificates_in_order(answer))
    except ValueError:
        raise StatementBroken(
            "What the timestamp authority answered cannot be read as a timestamp (RFC 3161). `openssl ts -reply -in "
            "FILE -text` shows what it is."
        ) from None
    if response.status not in _GIVEN:
        said = "; ".join(response.status_string) or f"status {response.status}"
        raise StatementBroken(f"The timestamp authority refused: {said}.")
    return response
