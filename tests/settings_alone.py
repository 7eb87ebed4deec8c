"""Settings without the app that does the work: the case stands on its own."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as EVERY_APP

INSTALLED_APPS = [app for app in EVERY_APP if app != "fulfillment"]
ROOT_URLCONF = "requests_app.urls"
