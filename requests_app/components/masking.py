"""Addresses shown in part: enough for their owner to know them, too little for anyone else."""

SHOWN = 2
DOTS = "•" * 6


def masked_address(address: str) -> str:
    """ma••••••@example.org for marta.duarte@example.org; the length of the name is not shown."""
    name, at, host = address.rpartition("@")
    shown = name[:SHOWN] if len(name) > SHOWN else name[:1]
    return f"{shown}{DOTS}{at}{host}"
