"""Start-up of the work app: audit names, receivers, panels."""

from django.apps import AppConfig


class FulfillmentConfig(AppConfig):
    """Find, act, pack, hand over."""

    name = "fulfillment"
    verbose_name = "Fulfillment"

    def ready(self) -> None:
        from fulfillment import audit_events, desk, panels, receivers  # noqa: F401
        from requests_app.audit import events

        events.register(audit_events.SENTENCES, preparing=audit_events.PREPARING)
        panels.fill_slots()
        desk.connect()
