"""The Celery app and the timetable. Beat only pokes: what is due stands in the database."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omne_dsar.settings")

SWEEP_SECONDS = 15.0

app = Celery("omne_dsar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# `expires` keeps pokes from piling up while no worker is there to take them.
app.conf.beat_schedule = {
    "sweep messages": {
        "task": "requests_app.sweep_messages",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "sweep fulfillment": {
        "task": "fulfillment.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "tidy up": {
        "task": "requests_app.tidy_up",
        "schedule": crontab(minute="7"),
        "options": {"expires": 3000},
    },
    "expire bundles": {
        "task": "fulfillment.expire_bundles",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
}
