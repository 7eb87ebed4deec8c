"""Start-up of the work app: audit names, receivers, panels."""

from django.apps import AppConfig


class FulfillmentConfig(AppConfig):
    """Find, act, pack, hand over."""

    name = "fulfillment"
    verbose_name = "Fulfillment"

    def ready(self) -> None:
        from fulfillment import audit_events, desk, panels, receivers  # noqa: F401
        from fulfillment.anchoring import stamp
        from fulfillment.bundles.elsewhere import tell_of_services
        from fulfillment.bundles.handed_over import add_handing_over
        from fulfillment.changes.certify.kinds import add_certificates
        from fulfillment.changes.hold_days import hold_days
        from fulfillment.changes.read_backs.selectors import looks_open_since
        from fulfillment.changes.selectors import changes_open_since
        from fulfillment.retention.family import OWN_KINDS
        from fulfillment.retention.holds import CHANGES, RECORDS
        from fulfillment.rotation import name_indexed_columns
        from fulfillment.runs.selectors import runs_open_since
        from fulfillment.transmissions.asked import services_asked_for
        from fulfillment.transmissions.letters import add_sendings
        from requests_app.audit import events
        from requests_app.held_until import tell_of_holds
        from requests_app.lifecycle.standing_holds import add_hold_family
        from requests_app.open_work import tell_of_open_work
        from requests_app.retention import base

        events.register(audit_events.SENTENCES, preparing=audit_events.PREPARING)
        add_certificates()
        add_handing_over()
        add_sendings()
        panels.fill_slots()
        desk.connect()
        stamp.connect()
        name_indexed_columns()
        tell_of_open_work(runs_open_since)
        tell_of_open_work(changes_open_since)
        tell_of_open_work(looks_open_since)
        tell_of_holds(hold_days)
        tell_of_services(services_asked_for)
        add_hold_family(CHANGES)
        add_hold_family(RECORDS)
        base.add_family(OWN_KINDS)
