"""What the manifest of a bundle claims of it. No personal data."""

from typing import Any

from fulfillment.bundles.contents import BundleInput
from requests_app.encryption.manifests import PartRecord, describe_parts


def describe(contents: BundleInput, parts: list[PartRecord], *, volumes: int = 1) -> dict[str, Any]:
    """The manifest as a value."""
    claims = {
        "reference": contents.reference,
        "bundle": str(contents.bundle_id),
        "number": contents.number,
        "made_at": contents.made_at.isoformat(),
        "controller": contents.company.controller,
        "law": contents.regime_key,
        "policy_version": contents.policy_version,
        "right": contents.right,
        "scope": contents.scope,
        "record_count": contents.row_count,
    }
    if volumes > 1:
        claims["volumes"] = volumes
    return describe_parts(claims, parts)
