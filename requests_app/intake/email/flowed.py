"""format=flowed (RFC 3676): lines that were broken for transport put together again."""


def unflow(text: str, *, delsp: bool) -> str:
    """Return the paragraphs of flowed text; `delsp` says that the blank at a soft line end is not part of it."""
    paragraphs: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth, content = _unquoted(line)
        content = content.removeprefix(" ")
        is_signature = content == "-- "
        flows = content.endswith(" ") and not is_signature
        kept = content[:-1] if flows and delsp else content
        if open_depth == depth and not is_signature:
            paragraphs[-1] += kept
        else:
            paragraphs.append(f"{'>' * depth} {kept}" if depth else kept)
        open_depth = depth if flows else None
    return "\n".join(paragraphs)


def _unquoted(line: str) -> tuple[int, str]:
    content = line.lstrip(">")
    return len(line) - len(content), content
