"""Put the certificates of a timestamp into the order that DER wants of a set.

OpenSSL and authorities built on it write them in the order of their chain, and read them in any. Our reader takes the
letter of DER (X.690, 11.6) and refuses the whole answer. No signature covers their order: only whole certificates
change places, so that no length changes either.
"""

from collections.abc import Iterator

SEQUENCE, CONTEXT_0 = 0x30, 0xA0
_LONG_FORM, _MOST_LENGTH_BYTES = 0x80, 4


def with_certificates_in_order(answer: bytes) -> bytes:
    """The same answer (RFC 3161), its certificates in order; what cannot be understood comes back as it is."""
    try:
        first, end = _certificates(answer)
        elements = [answer[start:after] for start, _inside, after in _each(answer, first, end)]
    except (ValueError, IndexError, StopIteration):
        return answer
    return answer[:first] + b"".join(sorted(elements)) + answer[end:]


def _certificates(answer: bytes) -> tuple[int, int]:
    """Where the certificates begin and end: TimeStampResp, its token, [0] SignedData, [0] certificates."""
    inside, end = _within(answer, (0, len(answer)), SEQUENCE, 0)
    inside, end = _within(answer, (inside, end), SEQUENCE, 1)
    inside, end = _within(answer, (inside, end), CONTEXT_0, 1)
    inside, end = _within(answer, (inside, end), SEQUENCE, 0)
    return _within(answer, (inside, end), CONTEXT_0, 3)


def _within(content: bytes, place: tuple[int, int], tag: int, number: int) -> tuple[int, int]:
    """What is inside the element of that number there, which must bear this tag. Raises ValueError."""
    for at, (start, inside, after) in enumerate(_each(content, *place)):
        if at == number:
            if content[start] != tag:
                break
            return inside, after
    raise ValueError("not a timestamp as RFC 3161 has it")


def _each(content: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Each element of a stretch: where it starts, where its inside starts, and where it ends. Raises ValueError."""
    while start < end:
        inside, length = start + 2, content[start + 1]
        if length & _LONG_FORM:
            count = length & ~_LONG_FORM
            if not 1 <= count <= _MOST_LENGTH_BYTES:
                raise ValueError("a length that no timestamp has")
            length, inside = int.from_bytes(content[inside : inside + count]), inside + count
        after = inside + length
        if after > end:
            raise ValueError("an element is cut off")
        yield start, inside, after
        start = after
