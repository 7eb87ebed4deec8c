"""The app's configuration."""

from django.apps import AppConfig


class RequestsAppConfig(AppConfig):
    """Requests."""

    name = "requests_app"
