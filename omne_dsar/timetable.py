"""When the background jobs are poked; the rows say what is due."""

from typing import Any

_SWEEP_SECONDS = 15.0
_MINUTE = 60.0
_FIVE_MINUTES = 5 * 60.0
_TEN_MINUTES = 10 * 60.0
_HOUR = 60 * 60.0


def _every(seconds: float, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": seconds}


TIMETABLE = {
    "offer searches and copies that are due": _every(_SWEEP_SECONDS, "fulfillment.sweep"),
    "begin deletions that waited, move on what is carried out": _every(_MINUTE, "fulfillment.carry_on"),
    "offer mails and letters that are due": _every(_SWEEP_SECONDS, "requests_app.sweep_messages"),
    "remind of what is due": _every(_FIVE_MINUTES, "requests_app.send_reminders"),
    "remind recipients that have not answered": _every(_HOUR, "fulfillment.remind_recipients"),
    "anchor the audit log, once a day": _every(_TEN_MINUTES, "requests_app.anchor_audit"),
    "close and forget what is past": _every(_TEN_MINUTES, "requests_app.tidy_up"),
    "forget requests on their day": _every(_HOUR, "requests_app.begin_purge"),
}
