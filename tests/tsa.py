"""A timestamp authority on this machine: real ones of OpenSSL, behind a small web server."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.json_server import Answer, Asked, JsonServer

OPENSSL = shutil.which("openssl") or "openssl"
_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ts]
default_tsa = signing
[signing]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
certs = {folder}/chain.pem
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """Where it is asked, what it is trusted by, and what it answers instead while that is set."""

    folder: Path
    url: str = ""
    instead: Answer | None = None
    calls: int = 0

    @property
    def certificates(self) -> Path:
        """The file of its root."""
        return self.folder / "ca.pem"

    def answer(self, asked: Asked) -> Answer:
        """Stamp what is asked for."""
        self.calls += 1
        if self.instead is not None:
            return self.instead
        (self.folder / "query.tsq").write_bytes(asked.body)
        self.openssl(
            "ts",
            "-reply",
            "-config",
            "tsa.cnf",
            "-section",
            "signing",
            "-queryfile",
            "query.tsq",
            "-out",
            "reply.tsr",
        )
        content = (self.folder / "reply.tsr").read_bytes()
        return Answer(content, headers={"content-type": "application/timestamp-reply"})

    def refusal(self) -> bytes:
        """What it answers to a digest that it does not take."""
        self.openssl("ts", "-query", "-data", "tsa.cnf", "-sha1", "-out", "sha1.tsq")
        words = ("-config", "tsa.cnf", "-section", "signing", "-queryfile", "sha1.tsq", "-out", "sha1.tsr")
        self.openssl("ts", "-reply", *words)
        return (self.folder / "sha1.tsr").read_bytes()

    def openssl(self, *words: str) -> str:
        """Run it in the authority's folder."""
        done = subprocess.run([OPENSSL, *words], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def timestamp_authority(folder: Path) -> Iterator[Authority]:
    """Found one, with certificates of its own."""
    folder.mkdir()
    (folder / "serial").write_text("01")
    authority = Authority(folder)
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder, name="Stamp"))
    (folder / "ca.cnf").write_text(_CONFIG.format(folder=folder, name="Root"))
    (folder / "mid.cnf").write_text(_CONFIG.format(folder=folder, name="In between " * 5))
    new = ("-newkey", "rsa:2048", "-nodes", "-days", "3650")
    authority.openssl(
        "req", "-x509", *new, "-config", "ca.cnf", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem"
    )
    authority.openssl("req", *new[:3], "-config", "tsa.cnf", "-keyout", "tsa.key", "-out", "tsa.csr")
    # As authorities have it: a certificate in between, longer than the others, which travels with each answer.
    authority.openssl("req", *new[:3], "-config", "mid.cnf", "-keyout", "mid.key", "-out", "mid.csr")
    authority.openssl(*_signed("mid", by="ca"), "-extfile", "ca.cnf", "-extensions", "ca", "-out", "mid.pem")
    authority.openssl(
        *_signed("tsa", by="mid"), "-extfile", "tsa.cnf", "-extensions", "tsa", "-out", "tsa.pem"
    )
    (folder / "chain.pem").write_bytes((folder / "mid.pem").read_bytes() + (folder / "ca.pem").read_bytes())
    with JsonServer(authority.answer) as server:
        authority.url = f"{server.url}/stamp"
        yield authority


def _signed(name: str, *, by: str) -> tuple[str, ...]:
    """The words that have one certificate signed by another."""
    request = ("x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key")
    return (*request, "-CAcreateserial", "-days", "3650")
