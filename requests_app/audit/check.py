"""The whole check of the audit log: its chain, every anchor that can be reached, and what the log says of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from requests_app.audit.anchors.checkpoints import Reached, reach
from requests_app.audit.models import AuditEntry
from requests_app.audit.record import facts_in
from requests_app.audit.verify import ChainReport, verify_chain

ANCHORED = ("audit.anchored", "audit.restore_acknowledged")


@dataclass(frozen=True)
class AuditReport:
    """What was found, and of the anchors what counts and what does not."""

    chain: ChainReport
    reached: Reached
    lost: tuple[int, ...] = ()

    @property
    def flaw(self) -> str:
        """The first thing that is wrong, or nothing."""
        if self.chain.flaw or self.reached.flaws:
            return self.chain.flaw or self.reached.flaws[0]
        if self.lost:
            return (
                f"An anchor of entry {self.lost[0]}, which the log names, was found in no place ({len(self.lost)} in "
                "all): who took it away could have changed what it covered."
            )
        return ""


def check_audit(given: Iterable[Path] = ()) -> AuditReport:
    """Walk the chain and hold it against every anchor; `given` are files or mails that somebody kept."""
    reached = reach(given)
    chain = verify_chain(reached.checkpoints)
    known = {each.statement.digest for each in (*reached.checkpoints, *reached.let_go)}
    return AuditReport(chain, reached, _lost(known))


def _lost(known: set[str]) -> tuple[int, ...]:
    told = AuditEntry.objects.filter(event__in=ANCHORED).order_by("position")
    said = [facts_in(facts) for facts in told.values_list("facts", flat=True)]
    return tuple(
        each.get("position", each.get("anchored", 0)) for each in said if each.get("digest") not in known
    )
