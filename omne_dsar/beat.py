"""The Celery app that beat runs: the same timetable and broker, without loading Django's apps for a clock."""

from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler, ScheduleEntry
from kombu.exceptions import ChannelError

from omne_dsar.timetable import TIMETABLE

# So many messages that nobody took: another poke would tell nobody anything.
MOST_WAITING = 50


class ModestScheduler(PersistentScheduler):
    """Keeps quiet while nobody takes what was sent.

    Pokes that pile up while the workers are away would come all at once. An hour of expiry in the message would be
    judged by the clocks of two machines, and a worker whose clock is ahead would take none at all.
    """

    def apply_async(
        self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **more: Any
    ) -> Any:
        """Send one poke, unless its queue is full of what nobody took."""
        if self._waiting(entry) >= MOST_WAITING:
            return None
        return super().apply_async(entry, producer=producer, advance=advance, **more)

    def _waiting(self, entry: ScheduleEntry) -> int:
        queue = self.app.amqp.router.route({}, str(entry.task))["queue"]
        with self.app.connection_for_write() as connection:
            try:
                return int(queue(connection.default_channel).queue_declare(passive=True).message_count)
            except ChannelError:
                # Nothing waits there yet.
                return 0


# Not the current app: a process that imports both must go on sending with the other one.
app = Celery("omne_dsar", fixups=[], set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = TIMETABLE
app.conf.beat_scheduler = ModestScheduler
