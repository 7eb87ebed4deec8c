"""Chance with a seed: each table has a stream of its own, so that a change in one leaves the others alone."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")


class Chance(random.Random):
    """A seeded source of choices that also knows the moment the company is looked at."""

    def __init__(self, *, seed: int, stream: str, as_of: datetime) -> None:
        super().__init__(f"{seed}:{stream}")
        self.as_of = as_of

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each as likely."""
        return options[int(self.random() * len(options))]

    def happens(self, share: float) -> bool:
        """True in that share of the cases."""
        return self.random() < share

    def count(self, mean: float) -> int:
        """A whole number around the mean, from a fifth below to a fifth above."""
        return int(mean * (0.8 + 0.4 * self.random()) + self.random())

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def moment(self, days: float) -> datetime:
        """A moment in the days before the company is looked at."""
        return self.as_of - timedelta(seconds=int(self.random() * days * 86_400) + 60)

    def day(self, days: int) -> date:
        """A day among those before the company is looked at."""
        return (self.as_of - timedelta(days=1 + int(self.random() * days))).date()

    def uuid(self) -> str:
        """A random-looking UUID."""
        return str(UUID(int=self.getrandbits(128), version=4))

    def token(self, prefix: str) -> str:
        """Something that looks like a secret and opens nothing."""
        return f"{prefix}{self.getrandbits(128):032x}"

    def ip(self) -> str:
        """An address out of the ranges kept for documentation."""
        net = self.pick(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8::"))
        return f"{net}{self.between(1, 254):x}" if ":" in net else f"{net}{self.between(1, 254)}"
