"""Put the evidence into one zip: canonical JSON (RFC 8785), its signature, a tagged PDF, the anchors, the schema."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import rfc8785
from django.template.loader import render_to_string

from fulfillment.evidence import document as d
from fulfillment.evidence.gather import gathered
from fulfillment.evidence.of_chain import Proven, file_name, proven
from requests_app.encryption.signing import own_public_key, sign
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY
from requests_app.review.words import regime_name
from requests_app.typesetting.typeset import pdf_of

JSON_NAME, SIGNATURE_NAME, PDF_NAME = "evidence.json", "evidence.sig", "evidence.pdf"
KEY_NAME, SCHEMA_NAME, README_NAME = "public-key.pem", "schema.json", "README.txt"
SCHEMA = Path(__file__).parent / "schema" / f"evidence-{d.VERSION}.json"
README = """\
The evidence of request {reference}, made {made_at:%Y-%m-%d %H:%M} UTC by {controller}.

evidence.json   everything, in canonical JSON (RFC 8785); schema.json describes it
evidence.pdf    the same, to read
evidence.sig    our Ed25519 signature over evidence.json, which holds the SHA-256 of every other file
public-key.pem  the key that checks it: compare it with the one we publish
anchors/        signed statements of where the audit log stood; the entries of this request are proved to be in it

With OpenSSL 3:
  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in evidence.json -sigfile evidence.sig
With the product, which also checks every file, every entry and every proof:
  manage.py verify_evidence FILE.zip --key public-key.pem
"""


def packed(asked: SubjectRequest, *, at: datetime) -> bytes:
    """The pack of a request as it stands. Raises LetterNotSet where the PDF cannot be set."""
    found = proven(asked, at=at)
    evidence = gathered(asked, found.chain, at=at)
    files = _files(evidence, found)
    listed = [
        d.File(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        for name, content in sorted(files.items())
    ]
    said = evidence.model_copy(update={"files": listed})
    written = rfc8785.dumps(said.model_dump(mode="json"))
    return _zip({JSON_NAME: written, SIGNATURE_NAME: sign(written), **files}, at=at)


def schema() -> dict[str, Any]:
    """The published JSON Schema of `evidence.json`, made from its shape."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Evidence of a privacy request",
        **d.Evidence.model_json_schema(mode="serialization"),
    }


def schema_text() -> str:
    """As it is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _files(evidence: d.Evidence, found: Proven) -> dict[str, bytes]:
    shown = {"evidence": evidence, "company": COMPANY, "law": regime_name(evidence.law)}
    html = render_to_string("documents/evidence.html", shown)
    readme = README.format(
        reference=evidence.reference, made_at=evidence.made_at, controller=evidence.controller
    )
    return {
        PDF_NAME: pdf_of(html, beat=lambda: None),
        KEY_NAME: own_public_key().pem.encode(),
        SCHEMA_NAME: SCHEMA.read_bytes(),
        README_NAME: readme.encode(),
        **{file_name(each): each.content for each in found.statements},
    }


def _zip(files: Mapping[str, bytes], *, at: datetime) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(
                name, date_time=(at.year, at.month, at.day, at.hour, at.minute, at.second)
            )
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return target.getvalue()
