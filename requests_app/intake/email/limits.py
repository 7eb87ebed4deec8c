"""How much of a message is read; what lies beyond is cut, counted and said in the faults."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that one message may hold, in bytes, characters or pieces."""

    message: int = 35 * MEGABYTE
    header_block: int = 256_000
    header: int = 32_000
    addresses: int = 200
    parts: int = 1_000
    depth: int = 50
    attachments: int = 100
    text: int = MEGABYTE
    html: int = 2 * MEGABYTE


DEFAULT_LIMITS = Limits()
