"""One try at a move, and the shape of a condition on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class Attempt:
    """One try at a move. `at` and `given` are None while only asked whether the move could be made at all."""

    subject_request: SubjectRequest
    by: Actor
    at: datetime | None = None
    given: Mapping[str, object] | None = field(default=None)


Condition = Callable[[Attempt], str | None]
