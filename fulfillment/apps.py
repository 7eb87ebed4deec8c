"""Start-up of the work app: audit names, receivers, panels."""

from django.apps import AppConfig


class FulfillmentConfig(AppConfig):
    """Find, act, pack, hand over."""

    name = "fulfillment"
    verbose_name = "Fulfillment"

    def ready(self) -> None:
        from fulfillment import audit_events, desk, panels, receivers  # noqa: F401
        from fulfillment.changes.read_backs.selectors import looks_open_since
        from fulfillment.changes.selectors import changes_open_since
        from fulfillment.runs.selectors import runs_open_since
        from requests_app.audit import events
        from requests_app.open_work import tell_of_open_work

        events.register(audit_events.SENTENCES, preparing=audit_events.PREPARING)
        panels.fill_slots()
        desk.connect()
        tell_of_open_work(runs_open_since)
        tell_of_open_work(changes_open_since)
        tell_of_open_work(looks_open_since)
