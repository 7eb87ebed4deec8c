"""What programs wrap mail in is opened: winmail.dat, signatures, invitations."""

import base64
from datetime import UTC, datetime, timedelta
from struct import pack

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from requests_app.intake.email.parse import parse_email
from requests_app.intake.email.parsed import ParsedEmail
from requests_app.intake.email.wrapped.cms import signed_content
from requests_app.intake.email.wrapped.pgp import clear_text
from requests_app.intake.email.wrapped.rtf import rtf_to_text, unpacked_rtf
from requests_app.intake.email.wrapped.tnef import read_tnef
from tests.requests_app.intake.email.hostile import file, multipart, properties, tnef

LETTER = b"Please delete my data"
NAME, UNICODE = 0x3707, 0x1F


def text_property(number: int, text: str) -> bytes:
    value = text.encode("utf-16-le")
    return pack("<HHII", UNICODE, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def winmail() -> bytes:
    return tnef(
        (0x00069007, pack("<I", 1252)),
        (0x0002800C, LETTER + b"\0"),
        (0x00069002, b"\0" * 14),
        (0x00018010, b"ANNEX~1.PDF\0"),
        (0x0006800F, b"%PDF-1.7"),
        (0x00069005, pack("<I", 1) + text_property(NAME, "Änderung meiner Daten.pdf\0")),
    )


def test_the_letter_and_the_files_of_a_winmail_dat_are_read() -> None:
    raw = multipart(
        b"b", b"Content-Type: text/plain\n\n", file(b"application/ms-tnef; name=winmail.dat", winmail())
    )
    mail = parse_email(raw + b"--b--\n")
    assert mail.text == LETTER.decode()
    assert [(each.name, each.type, each.content) for each in mail.attachments] == [
        ("winmail.dat", "application/ms-tnef", winmail()),
        ("Änderung meiner Daten.pdf", "application/pdf", b"%PDF-1.7"),
    ]


def test_the_text_beside_a_winmail_dat_goes_before_the_one_inside() -> None:
    raw = multipart(
        b"b",
        b"Content-Type: text/plain\n\nbeside",
        file(b"application/octet-stream; name=winmail.dat", winmail()),
    )
    assert parse_email(raw + b"--b--\n").text == "beside"


@pytest.mark.parametrize("length", range(0, len(winmail()), 7))
def test_a_winmail_dat_that_was_cut_gives_what_is_left(length: int) -> None:
    found = read_tnef(winmail()[:length])
    assert found is None or LETTER.decode().startswith(found.plain)


def test_rich_text_is_unpacked_and_read() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x;}"
    rtf += rb"Bitte l\'f6schen\par Sie \u1076?\u1072? alles \{bald\}}"
    literal = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
    packed = pack("<IIII", len(literal) + 12, len(rtf), 0x75465A4C, 0) + literal
    assert unpacked_rtf(packed) == rtf
    assert rtf_to_text(unpacked_rtf(packed)) == "Bitte löschen\nSie да alles {bald}"


def test_a_run_of_packed_rich_text_may_reach_its_own_beginning() -> None:
    # "A" at 207 in the ring, then eight bytes from 207: the letter repeats itself. The last reference ends it.
    body = b"\x06A" + pack(">H", 207 << 4 | 6) + pack(">H", 216 << 4)
    assert unpacked_rtf(pack("<IIII", len(body) + 12, 100, 0x75465A4C, 0) + body) == b"A" * 9


def test_a_winmail_dat_with_rich_text_alone_has_a_letter() -> None:
    rtf = b"{\\rtf1 Please\\par delete}"
    found = read_tnef(
        tnef((0x00069003, properties(0x1009, pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf)))
    )
    assert found is not None
    assert found.plain == "Please\ndelete"


def person() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ada")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=900))
    return key, built.sign(key, hashes.SHA256())


def smime(content: bytes, kind: bytes) -> ParsedEmail:
    head = b"Subject: My data\nContent-Type: application/pkcs7-mime; name=smime.p7m%s\n" % kind
    return parse_email(head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(content))


INNER = multipart(b"b", b"Content-Type: text/plain\n\n" + LETTER, file(b"image/png; name=a.png", b"\x89PNG"))


@pytest.mark.parametrize("kind", [b"; smime-type=signed-data", b""])
def test_mail_that_is_signed_and_not_encrypted_is_read(kind: bytes) -> None:
    key, certificate = person()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(INNER).add_signer(certificate, key, hashes.SHA256())
    signed = builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    mail = smime(signed, kind)
    assert (mail.text, mail.is_encrypted) == (LETTER.decode(), False)
    assert [(each.name, each.content) for each in mail.attachments] == [("a.png", b"\x89PNG")]


def test_mail_that_is_encrypted_is_known_and_kept() -> None:
    _, certificate = person()
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(INNER).add_recipient(certificate)
    mail = smime(builder.encrypt(serialization.Encoding.DER, []), b"")
    assert mail.is_encrypted
    assert [each.name for each in mail.attachments] == ["smime.p7m"]


def test_a_signature_of_unknown_length_is_read_piece_by_piece() -> None:
    """As OpenSSL and most mail programs write it when they stream."""
    octets = b"\x24\x80\x04\x06Please\x04\x07 delete\0\0"
    inner = b"\x30\x80\x06\x09" + bytes.fromhex("2a864886f70d010701") + b"\xa0\x80" + octets + b"\0\0\0\0"
    signed = b"\x30\x80\x02\x01\x01\x31\x00" + inner + b"\0\0"
    raw = b"\x30\x80\x06\x09" + bytes.fromhex("2a864886f70d010702") + b"\xa0\x80" + signed + b"\0\0\0\0"
    assert signed_content(raw) == b"Please delete"
    assert all(signed_content(raw[:length]) in (None, b"Please delete") for length in range(len(raw)))


def test_text_that_pgp_signed_in_clear_loses_its_armour() -> None:
    text = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nPlease delete\n- -- \nAda\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\nfooter of a list"
    )
    assert clear_text(text) == "Please delete\n-- \nAda\nfooter of a list"
    assert parse_email(b"Subject: x\n\n" + text.encode()).text.startswith("Please delete")


def test_text_that_pgp_sealed_is_known() -> None:
    mail = parse_email(b"Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n")
    assert mail.is_encrypted


EVENT = (
    b'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nORGANIZER;CN="Long, Ada: boss":mailto:ada@x.example\r\n'
    b"SUMMARY;LANGUAGE=en:Talk about\r\n  my data\\, all of it\r\nDTSTART;TZID=Europe/Berlin:20261123T140000\r\n"
    b"DTEND:20261123T133000Z\r\nLOCATION:Room 1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_an_invitation_is_a_file_and_a_line() -> None:
    html = b"Content-Type: text/html\n\n<p>See you"
    raw = multipart(b"b", html, file(b"text/calendar; method=REQUEST; charset=utf-8", EVENT)).replace(
        b"mixed", b"alternative"
    )
    mail = parse_email(raw + b"--b--\n")
    assert mail.text == (
        "See you\n\nTalk about my data, all of it | 2026-11-23 14:00 – 2026-11-23 13:30 UTC | Room 1 | ada@x.example"
    )
    assert [(each.type, each.content) for each in mail.attachments] == [("text/calendar", EVENT)]
