"""Carry one change out by the connector of its source: look, note, change, and settle what an attempt left behind."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from fulfillment.changes.by_connector.end import (
    HELD_FOR,
    Stopped,
    again,
    begin_at,
    finish,
    forget_note,
    hand_over,
    keep_look,
    keep_made,
    keep_note,
    keep_reached,
    keep_suggestions,
    refuse_stopped,
    stop,
)
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.order import order_of
from fulfillment.changes.by_connector.suggest import suggestions_for
from fulfillment.changes.models import ChangeKind
from fulfillment.connectors.base import Connector, Heartbeat
from fulfillment.connectors.changing import ChangeOrder, ChangeReceipt, Preflight, PreflightFailed, Verdict
from fulfillment.connectors.errors import ConnectorError, NotYet, Retryable, Undecided
from fulfillment.datamaps.datamap import DataMap
from fulfillment.ledger.errors import LedgerAway
from fulfillment.sources.check import note_success
from fulfillment.sources.connection import open_connector
from fulfillment.sources.models import DataSource
from fulfillment.sources.turns import put_off, wait_after, wait_for_turn
from requests_app.leases.held import MOST_BREAKS, is_poison, poison_reason
from requests_app.leases.lease import Lease, LeaseLost, paced, take

log = logging.getLogger(__name__)
UNKNOWN = (
    "An attempt broke off and the source cannot say whether the change became final. Look there, and say how it "
    "stands."
)
UNASKED = (
    "An attempt broke off, and for a day the source could not be asked whether the change became final. Look there, "
    "and say how it stands."
)
ASKED_FOR = timedelta(days=1)
CUT_OFF = "The change was cut off several times without leaving a reason. Please look at the worker."
NO_ROW = "No record of the person says what is to be corrected, so nothing was changed."
NOT_PICKED = "Somebody has to say which fields of this source are meant."


def carry_out(*, row_id: UUID | str, at: datetime) -> SourceChange | None:
    """Work on one row. Returns it when the source has done its part now; None when it was not ours or goes on later.

    Two workers, a message that comes twice or a holder that was too slow change nothing twice: only the last lease
    may write the note without which nothing becomes final.
    """
    lease = take(SourceChange, row_id, length=timedelta(seconds=settings.STEP_LEASE_SECONDS))
    if lease is None:
        return None
    found = SourceChange.objects.select_related("change__subject_request", "change__source", "map_version")
    try:
        return _Attempt(found.get(pk=row_id), lease, at).made()
    except LeaseLost:
        log.warning("A change was overtaken by a later attempt", extra={"row": str(row_id)})
        return None


@dataclass
class _Attempt:
    """One attempt at one row, under a lease."""

    row: SourceChange
    lease: Lease
    at: datetime

    def made(self) -> SourceChange | None:
        """Go as far as one attempt gets; every way out leaves the row with its next step or its reason."""
        if is_poison(self.lease, self.row.last_error):
            self._to_a_person(poison_reason(self.row.last_error, cut_off=CUT_OFF))
            return None
        try:
            if self._waits_for_its_turn():
                return None
            begin_at(self.lease)
            return self._step_by_step()
        except Stopped as stopped:
            self._stopped(stopped)
        except LedgerAway as away:
            # The source has confirmed; the next attempt asks it, and writes down what it says. It has not failed.
            self._keep_what_is_made()
            again(self.lease, away.sentence, after=wait_after(Retryable(""), self.lease.attempt))
        except PreflightFailed as failed:
            self._to_a_person(*failed.problems)
        except NotYet as waiting:
            put_off(self.lease, self._source, waiting, at=self.at)
        except Retryable as failure:
            self._out_of_reach(failure)
        except ConnectorError as failure:
            self._failed(failure)
        return None

    def _waits_for_its_turn(self) -> bool:
        """Whether the source is left to others for now, or to rest; also then nobody waits for a word for ever."""
        wait = wait_for_turn(self.lease, self._source)
        if wait is not None and self._source.rests_until and self._is_unasked_for_long:
            self._to_a_person(UNASKED, self._source.last_error or UNKNOWN)
        elif wait is not None:
            with suppress(LeaseLost), self.lease.settled():
                self.lease.not_yet(after=wait)
        return wait is not None

    def _step_by_step(self) -> SourceChange | None:
        noted = self.row.noted
        if noted is not None:
            verdict = self._settled(noted)
            if verdict is not Verdict.NOT_DONE:
                return self._known(verdict, noted)
        refuse_stopped(self.row)
        if self.row.change.kind == ChangeKind.CORRECT and not self.row.picks:
            self._suggest()
            return None
        connector = self._connector
        preflight = connector.preflight(self._order, self._map, heartbeat=self._heartbeat(connector))
        note_success(self._source, at=self.at)
        remains = keep_look(self.row, self.lease, preflight, at=self.at)
        problems = _in_the_way(self.row, preflight, remains=remains)
        if problems:
            self._to_a_person(*problems)
            return None
        # Once more: the look may have taken its time, and nothing has been sent yet.
        refuse_stopped(self.row)
        try:
            return self._finished(self._changed())
        except (Retryable, Undecided, PreflightFailed):
            raise
        except ConnectorError as refused:
            return self._refused(refused)

    def _settled(self, noted: ChangeReceipt) -> Verdict:
        """What the source says of what was noted; where nothing became final, the note goes."""
        connector = self._connector
        # To ask may take longer than a lease lasts: a source that is away is asked several times.
        beat = self._heartbeat(connector)
        verdict = connector.settle(self._order, self._map, noted, heartbeat=beat)
        if verdict is Verdict.NOT_DONE:
            forget_note(self.row, self.lease)
        return verdict

    def _known(self, verdict: Verdict, noted: ChangeReceipt) -> SourceChange | None:
        if verdict is Verdict.DONE:
            return self._finished(self._connector.receipt_of(self._order, self._map, noted))
        self._to_a_person(UNKNOWN)
        return None

    def _refused(self, refused: ConnectorError) -> SourceChange | None:
        """The source said no, and would again: it is asked at once how it stands, and a person hears the reason."""
        noted = self.row.noted
        verdict = self._settled(noted) if noted is not None else Verdict.NOT_DONE
        if noted is None or verdict is Verdict.NOT_DONE:
            raise refused
        return self._known(verdict, noted)

    def _changed(self) -> ChangeReceipt:
        def note(receipt: ChangeReceipt) -> None:
            keep_note(self.row, self.lease, receipt, at=self.at)

        connector = self._connector
        return connector.change(self._order, self._map, note=note, heartbeat=self._heartbeat(connector))

    def _finished(self, receipt: ChangeReceipt) -> SourceChange:
        return finish(self.row, self.lease, receipt, at=self.at)

    def _suggest(self) -> None:
        connector = self._connector
        found = suggestions_for(self.row, connector, heartbeat=self._heartbeat(connector))
        note_success(self._source, at=self.at)
        keep_suggestions(self.row, self.lease, found)
        self._to_a_person(NOT_PICKED)

    def _keep_what_is_made(self) -> None:
        """Some records may be gone though the change is not done; the page says so."""
        # A source that cannot be opened any more keeps what was known of it.
        with suppress(ConnectorError):
            keep_made(self.row, self.lease, self._connector.made_so_far(self._order, self._map))

    def _stopped(self, stopped: Stopped) -> None:
        self._keep_what_is_made()
        if stopped.for_now:
            again(self.lease, str(stopped), after=HELD_FOR)
        else:
            stop(self.row, self.lease, at=self.at)

    def _out_of_reach(self, failure: Retryable) -> None:
        """Tried again by itself; where nobody knows whether the change became final, not for ever."""
        if self._is_unasked_for_long:
            self._to_a_person(UNASKED, str(failure))
        else:
            self._later(failure)

    def _failed(self, failure: ConnectorError) -> None:
        may_be_final = self.row.noted_at is not None and isinstance(failure, Undecided)
        if may_be_final and self.lease.attempt <= MOST_BREAKS:
            # The receipt was noted and the answer says nothing: the next attempt asks first.
            self._later(Retryable(str(failure)))
        else:
            self._to_a_person(str(failure))

    def _later(self, failure: Retryable) -> None:
        self._keep_what_is_made()
        put_off(self.lease, self._source, failure, at=self.at)

    def _to_a_person(self, *reasons: str) -> None:
        self._keep_what_is_made()
        hand_over(self.row, self.lease, reasons, at=self.at)

    @property
    def _is_unasked_for_long(self) -> bool:
        return self.row.noted_at is not None and self.at - self.row.noted_at > ASKED_FOR

    @property
    def _source(self) -> DataSource:
        source = self.row.change.source
        assert source is not None  # noqa: S101 - a row is written for changes in sources only
        return source

    @property
    def _connector(self) -> Connector[Any]:
        return open_connector(self._source)

    @property
    def _order(self) -> ChangeOrder:
        return order_of(self.row)

    @property
    def _map(self) -> DataMap:
        return self.row.map_version.data_map

    def _heartbeat(self, connector: Connector[Any]) -> Heartbeat:
        return paced(self.lease, meanwhile=lambda: keep_reached(self.lease, connector.reached))


def _in_the_way(row: SourceChange, preflight: Preflight, *, remains: bool) -> tuple[str, ...]:
    if preflight.problems:
        return preflight.problems
    if not remains:
        return tuple(dict.fromkeys(f"{name}: {why}." for name, why in preflight.by_hand.items()))
    if row.change.kind == ChangeKind.CORRECT and not preflight.rows:
        return (NO_ROW,)
    return ()
