"""The names of an order to change something: towards the source, and of what is kept in its memory meanwhile."""

from hashlib import sha256


def journal_name(key: str) -> str:
    """Of a journal call by call, which is also the name towards a web API."""
    return f"change:{_hash(key)}"


def replacements_name(key: str) -> str:
    """Of the log of files that are replaced."""
    return f"files:{_hash(key)}"


def reached_name(key: str) -> str:
    """Of the place that log has reached."""
    return f"{replacements_name(key)}:at"


def webhook_name(key: str) -> str:
    """Of the order towards a system that is told by a signed call."""
    return sha256(f"change\0{key}".encode()).hexdigest()[:40]


def webhook_slot(name: str) -> str:
    """Of what is known of an order sent by webhook."""
    return f"order:{name}"


def webhook_look_slot(name: str) -> str:
    """Of the look before it."""
    return f"look:{name}"


def slots_of_order(key: str) -> tuple[str, ...]:
    """Every name under which the memory of a source may hold something of an order."""
    by_webhook = webhook_name(key)
    return (
        journal_name(key),
        replacements_name(key),
        reached_name(key),
        webhook_slot(by_webhook),
        webhook_look_slot(by_webhook),
    )


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:32]
