"""How much work a value may cause: packings within packings end somewhere, and what was cut is said."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """How deep to unpack, and how many bytes and parts to unpack at most in all, for one value."""

    depth: int = 8
    unpacked_bytes: int = 32 * 1024 * 1024
    parts: int = 20_000


@dataclass
class Budget:
    """What is left of the limits while one value is looked at; `cut` names what was left unread."""

    limits: Limits
    cut: dict[str, None] = field(default_factory=dict)
    _bytes: int = 0
    _parts: int = 0

    @property
    def bytes_left(self) -> int:
        """How much may still be unpacked."""
        return self.limits.unpacked_bytes - self._bytes

    def spend(self, size: int, *, decoder: str) -> bool:
        """Whether a part of this size may be looked at; otherwise the decoder is noted as cut."""
        self._parts += 1
        self._bytes += size
        if self._parts > self.limits.parts or self._bytes > self.limits.unpacked_bytes:
            self.note(decoder)
            return False
        return True

    def note(self, what: str) -> None:
        """Remember that something was not read to its end."""
        self.cut[what] = None
