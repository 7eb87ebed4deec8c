"""PGP in the text itself: what was signed in clear, and whether the rest is sealed."""

SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
SIGNATURE_END = "-----END PGP SIGNATURE-----"
SEALED = "-----BEGIN PGP MESSAGE-----"
ESCAPED = "- "


def clear_text(text: str) -> str:
    """Return text without the armour of a signature in clear; the raw mail keeps it."""
    if SIGNED not in text:
        return text
    found: list[str] = []
    state = "outside"
    for line in text.split("\n"):
        match state, line.strip():
            case "outside", mark if mark == SIGNED:
                state = "armour"
            case "armour", "":
                state = "inside"
            case "armour", _:
                pass
            case "inside", mark if mark == SIGNATURE:
                state = "signature"
            case "signature", mark:
                state = "outside" if mark == SIGNATURE_END else state
            case "inside", _:
                found.append(line.removeprefix(ESCAPED))
            case _:
                found.append(line)
    return "\n".join(found)


def is_sealed(text: str) -> bool:
    """Whether the text is a sealed message and nothing else."""
    return text.lstrip().startswith(SEALED)
