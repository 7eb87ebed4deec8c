"""The register that changes are tried on: Ann's record and her notes, and somebody whose address comes close."""

from typing import Any

from fulfillment.connectors.contract.club import Rows

RULES: dict[str, dict[str, Any]] = {
    "members": {
        "erase": "delete",
        "restrict": {"set": {"status": "restricted"}, "lift": {"status": "active"}},
        "suppress": {"marketing": {"news": "no"}},
    },
    "notes": {"erase": "delete"},
}
COLUMNS: dict[str, dict[str, dict[str, Any]]] = {
    "members": {
        "id": {"primary_key": True},
        "email": {"identity": "email"},
        "phone": {},
        "status": {},
        "news": {},
    },
    "notes": {
        "id": {"primary_key": True},
        "member_id": {"references": [{"dataset": "register", "field": "members.id", "direction": "from"}]},
        "text": {},
    },
}


def register_rows() -> Rows:
    """What the register holds."""
    return {
        "members": [
            _member(1, "ann@club.example", "030 1"),
            _member(2, "joann@club.example", "030 2"),
        ],
        "notes": [
            {"id": 1, "member_id": 1, "text": "Asked for a key"},
            {"id": 2, "member_id": 1, "text": "Has the key"},
            {"id": 3, "member_id": 2, "text": "Asked for a key"},
        ],
    }


def register_map(**described: Any) -> dict[str, Any]:
    """The register's map as a document; `described` adds how an API or files are read."""
    return {
        "dataset": [
            {
                "fides_key": "register",
                "name": "Register",
                "collections": [
                    {
                        "name": name,
                        "fields": [{"name": each, "fides_meta": meta} for each, meta in fields.items()],
                    }
                    for name, fields in COLUMNS.items()
                ],
                "meta": {"omne": {"label": "Register", "collections": RULES, **described}},
            }
        ]
    }


def _member(number: int, email: str, phone: str) -> dict[str, Any]:
    return {"id": number, "email": email, "phone": phone, "status": "active", "news": "yes"}
