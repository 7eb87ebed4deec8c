"""The Celery app that beat runs: the same timetable and broker, without loading Django's apps for a clock."""

from celery import Celery

from omne_dsar.timetable import TIMETABLE

app = Celery("omne_dsar", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = TIMETABLE
