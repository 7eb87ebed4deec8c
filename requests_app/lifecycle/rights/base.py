"""What every right declares, and the registry that finds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise

from requests_app.lifecycle.models import AnswerScope, SubjectRequest
from requests_app.lifecycle.states import RequestState


class Operation(StrEnum):
    """What the connected systems are asked to do in the end."""

    COLLECT = "collect"
    ERASE = "erase"
    CORRECT = "correct"
    RESTRICT = "restrict"
    SUPPRESS = "suppress"
    DECIDE = "decide"  # nothing: people decide


@dataclass(frozen=True)
class Right:
    """A right that can be exercised.

    `label` is the plain verb on the form, `short_label` the tag of the queue, `machine` the proxy model whose methods
    are its moves, `operation` what sources are asked to do, `answer_scope` how much its answer holds, `headlines` the
    person's words for states that mean something of its own here, `endings` those that depend on how it ended. One that
    is not offered begins from another request.
    """

    code: str
    label: Promise
    short_label: Promise
    hint: Promise
    machine: type[SubjectRequest]
    operation: Operation
    answer_scope: AnswerScope = AnswerScope.FULL
    is_offered: bool = True
    headlines: Mapping[RequestState, Promise] = field(default_factory=dict)
    endings: Mapping[tuple[RequestState, str], Promise] = field(default_factory=dict)
