"""A tree of hashes over the chain (RFC 6962): its root stands in every anchor.

With it a single entry is proved to lie under an anchor by a handful of hashes, and nobody has to be shown the entries
of other requests in between.
"""

import hashlib
from collections.abc import Iterable, Sequence


class Tree:
    """Takes leaves one by one, keeps as many hashes as its size has bits, and knows its root at any size."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, entry_hash: str) -> None:
        """Add the next entry by the hash that stands in the chain."""
        height, node = 0, leaf(entry_hash)
        while self._peaks and self._peaks[-1][0] == height:
            node = _parent(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))
        self.size += 1

    @property
    def root(self) -> str:
        """The root over all leaves so far; empty where there is none."""
        if not self._peaks:
            return ""
        node = self._peaks[-1][1]
        for _height, peak in reversed(self._peaks[:-1]):
            node = _parent(peak, node)
        return node.hex()


def leaf(entry_hash: str) -> bytes:
    """The leaf of an entry; what somebody put there that is no hash has one too, which no signed root is over."""
    try:
        content = bytes.fromhex(entry_hash)
    except ValueError:
        content = entry_hash.encode()
    return hashlib.sha256(b"\x00" + content).digest()


class Witness(Tree):
    """A tree that also keeps, for a few positions (from 1 on), the hashes beside their way up.

    It holds no more than a few dozen hashes for each of them, however long the chain is.
    """

    def __init__(self, positions: Iterable[int]) -> None:
        super().__init__()
        self._wanted = set(positions)
        # The leaves that are under each peak and wanted, and for each the hashes beside its way so far.
        self._under: list[list[int]] = []
        self._beside: dict[int, list[bytes]] = {}

    def add(self, entry_hash: str) -> None:
        """Add the next entry by the hash that stands in the chain."""
        before = list(self._peaks)
        super().add(entry_hash)
        here = [self.size] if self.size in self._wanted else []
        self._beside.update({position: [] for position in here})
        node = leaf(entry_hash)
        while len(before) >= len(self._peaks):
            _height, left = before.pop()
            here = self._joined(self._under.pop(), left, here, node)
            node = _parent(left, node)
        self._under.append(here)

    def paths(self) -> dict[int, list[str]]:
        """For each wanted position so far, the hashes beside its way to the root as the tree stands now."""
        beside = {position: list(hashes) for position, hashes in self._beside.items()}
        peaks = [peak for _height, peak in self._peaks]
        if not peaks:
            return {}
        node, here = peaks[-1], list(self._under[-1])
        for left, under in zip(reversed(peaks[:-1]), reversed(self._under[:-1]), strict=True):
            for position in under:
                beside[position].append(node)
            for position in here:
                beside[position].append(left)
            node, here = _parent(left, node), [*under, *here]
        return {position: [each.hex() for each in hashes] for position, hashes in beside.items()}

    def _joined(self, under_left: list[int], left: bytes, under_right: list[int], right: bytes) -> list[int]:
        for position in under_left:
            self._beside[position].append(right)
        for position in under_right:
            self._beside[position].append(left)
        return [*under_left, *under_right]


def root_by(path: Sequence[str], *, entry_hash: str, position: int, size: int) -> str:
    """The root that a path leads to, as anybody computes it who checks one. ValueError where the path cannot fit."""
    node, at, last, left = leaf(entry_hash), position - 1, size - 1, list(path)
    if not 0 <= at <= last:
        raise ValueError("the entry lies outside the tree")
    while last > 0:
        if at ^ 1 <= last:
            if not left:
                raise ValueError("the path is too short")
            beside = bytes.fromhex(left.pop(0))
            node = _parent(beside, node) if at & 1 else _parent(node, beside)
        at, last = at // 2, last // 2
    if left:
        raise ValueError("the path is too long")
    return node.hex()


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
