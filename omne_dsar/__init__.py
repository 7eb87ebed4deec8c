"""The project: settings, timetable, embedded servers and the demo company; imported by nobody else.

The Celery app hangs on the app configuration (`apps.py`), so that the supervisor need not load it.
"""
