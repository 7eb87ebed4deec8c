"""The entry for WSGI servers."""

import os

from django.core.wsgi import get_wsgi_application

from requests_app import hints

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omne_dsar.settings")

application = get_wsgi_application()
# A page never waits for the broker: what it hints at is written down already.
hints.send_behind_the_page()
