"""What every right declares, and the registry that finds them."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from requests_app.lifecycle.models import IdentityLevel, SubjectRequest


class Operation(StrEnum):
    """What the connected systems are asked to do."""

    COLLECT = "collect"


@dataclass(frozen=True)
class Right:
    """A right that can be exercised.

    `label` is the plain verb on the form, `short_label` the tag of the queue, `machine` the proxy model whose methods
    are its moves, `operation` what sources are asked to do, `proof` the identity level it needs before work begins.
    """

    code: str
    label: Promise
    short_label: Promise
    hint: Promise
    machine: type[SubjectRequest]
    operation: Operation
    proof: IdentityLevel
