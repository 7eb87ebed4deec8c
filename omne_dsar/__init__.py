"""The project: settings, the timetable, the embedded servers and the demo company; imported by nobody else."""

from omne_dsar.celery import app as celery_app

__all__ = ["celery_app"]
