"""The Celery app that beat runs: the same timetable and broker, without loading Django's apps for a clock."""

from celery import Celery

from omne_dsar.timetable import TIMETABLE

# Not the current app: a process that imports both must go on sending with the other one.
app = Celery("omne_dsar", fixups=[], set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = TIMETABLE
