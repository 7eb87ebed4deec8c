"""The app's configuration."""

from django.apps import AppConfig


class FulfillmentConfig(AppConfig):
    """Fulfillment."""

    name = "fulfillment"
