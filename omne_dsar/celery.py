"""The Celery app and the timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omne_dsar.settings")

app = Celery("omne_dsar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
