"""The club that the contract is tried on: Ann with orders and their lines; strangers whose addresses come close."""

from typing import Any

Rows = dict[str, list[dict[str, Any]]]

SECRET = "s3cr3t@:/%"
ANN = "ann@club.example"


def club_rows() -> Rows:
    """What the club's system holds."""
    return {
        "members": [
            _member(1, "ann@club.example", "Ann Ünal"),
            _member(2, "joann@club.example", "Joann"),
            _member(3, "ann+shop@club.example", "Ann's shop"),
            _member(4, "ann@club.example.org", "Ann elsewhere"),
            _member(5, "a_n@club.example", "Pattern"),
            _member(6, "ANN@Club.Example", "ANN, again"),
        ],
        "orders": [
            {"id": f"o{number}", "member_id": 1 + number % 6, "note": f"line\nend “{number}” \u2028 \\"}
            for number in range(60)
        ],
        "lines": [
            {"order_id": f"o{number % 60}", "no": number // 60, "what": f"thing {number}"}
            for number in range(300)
        ],
        "calls": [{"id": 1, "phone": "+41 44 555 01 02", "seconds": 61}],
    }


def _member(number: int, email: str, name: str) -> dict[str, Any]:
    return {
        "id": number,
        "email": email,
        "name": name,
        "password_hash": SECRET,
        "tags": ["a", "b"],
        "extra": True,
    }


def club_map(**described: Any) -> dict[str, Any]:
    """The club's map as a document; `described` adds how an API or files are read."""
    return {
        "dataset": [
            {
                "fides_key": "club",
                "name": "Club",
                "collections": [
                    _collection(
                        "members",
                        id={"primary_key": True},
                        email={"identity": "email"},
                        name={},
                        password_hash={},
                        tags={},
                    ),
                    _collection("orders", id={"primary_key": True}, member_id=_from("members.id"), note={}),
                    _collection("lines", order_id=_from("orders.id"), no={}, what={}),
                    _collection(
                        "calls", id={"primary_key": True}, phone={"identity": "phone_number"}, seconds={}
                    ),
                ],
                "meta": {
                    "omne": {
                        "label": "Club",
                        "collections": {
                            "members": {"label": "Members", "fields": {"password_hash": {"secret": True}}}
                        },
                        **described,
                    }
                },
            }
        ]
    }


def _collection(name: str, /, **fields: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "fields": [{"name": each, "fides_meta": meta} for each, meta in fields.items()]}


def _from(target: str) -> dict[str, Any]:
    return {"references": [{"dataset": "club", "field": target, "direction": "from"}]}
