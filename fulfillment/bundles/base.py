"""The contract of an export format, and the registry of all of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from fulfillment.bundles.contents import BundleInput
from requests_app.registry import Registry

# Called between pieces of work, so that the lease lives on and a lost one stops the work.
Heartbeat = Callable[[], None]


@dataclass(frozen=True)
class Part:
    """A file of the bundle: its path in the zip and its bytes, made while they are read."""

    name: str
    media_type: str
    chunks: Iterable[bytes] = field(repr=False)


class ExportFormat(ABC):
    """Turns what was found into files. A format holds no state and reads nothing but its input."""

    label: str
    media_type: str
    # Parts stand in the zip in this order; a format that can fail early comes first.
    position: int = 50

    @abstractmethod
    def parts(self, contents: BundleInput, *, beat: Heartbeat) -> Iterator[Part]:
        """The files of this format; a part is read to its end before the next one is asked for."""


FORMATS: Registry[ExportFormat] = Registry(
    noun="export format",
    package="fulfillment.bundles.formats",
    attribute="FORMAT",
    group="omne_dsar.export_formats",
)


def formats_in_order() -> list[ExportFormat]:
    """Every format, in the order in which their parts stand in the zip."""
    return sorted(FORMATS, key=lambda known: known.position)
