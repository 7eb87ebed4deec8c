"""What Wren Notes shows and signs with: an authority of the demo's own, a certificate of it, a key for receipts."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from omne_dsar.demo.wren.places import AUTHORITY, HOST, NAME

_HOLDS_FOR = timedelta(days=3650)


@dataclass(frozen=True)
class Papers:
    """For a server, and for its receipts."""

    tls: ssl.SSLContext
    receipts: Ed25519PrivateKey


def papers_in(folder: Path) -> Papers:
    """Return the papers of that folder, made at the first start: what trusts them goes on trusting them."""
    shown, key, receipts = folder / "certificate.pem", folder / "certificate.key", folder / "receipts.key"
    # Written last, so that whatever was cut off is made again.
    if not (folder / AUTHORITY).exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write_secret(receipts, Ed25519PrivateKey.generate().private_bytes_raw())
        _certify(shown, key, authority=folder / AUTHORITY)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, key)
    return Papers(context, Ed25519PrivateKey.from_private_bytes(receipts.read_bytes()))


def _certify(shown: Path, key: Path, *, authority: Path) -> None:
    """The authority's own key is thrown away: it has nothing more to sign."""
    above, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name("The demo's own authority", "Authority of the demo")
    root = _builder(issuer, issuer, above.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    leaf = _builder(_name(f"{NAME} Ltd", HOST), issuer, own.public_key()).add_extension(
        x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False
    )
    shown.write_bytes(leaf.sign(above, hashes.SHA256()).public_bytes(Encoding.PEM))
    _write_secret(key, own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    draft = authority.with_suffix(".draft")
    draft.write_bytes(root.sign(above, hashes.SHA256()).public_bytes(Encoding.PEM))
    draft.replace(authority)


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    built = built.serial_number(x509.random_serial_number())
    return built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + _HOLDS_FOR)


def _write_secret(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
