"""What this app shows on pages of the case: the search to staff, the copy and what was deleted to the person."""

from fulfillment.bundles import panel as bundle_panel
from fulfillment.changes import panel as changes_panel
from fulfillment.changes.certify import views as certify
from fulfillment.evidence import panel as evidence_panel
from fulfillment.recipients import panel as recipients_panel
from fulfillment.runs import panel as runs_panel
from fulfillment.transmissions import panel as transmissions_panel
from requests_app.panels import Slot, fill


def fill_slots() -> None:
    """Register our panels; called once, at start-up."""
    fill(Slot.CASE_SOURCES, template="runs/panel.html", filler=runs_panel.sources_panel)
    fill(Slot.CASE_AUDIT, template=evidence_panel.TEMPLATE, filler=evidence_panel.export_panel)
    fill(Slot.PORTAL_DOWNLOAD, template=bundle_panel.TEMPLATE, filler=bundle_panel.portal_download)
    fill(Slot.PORTAL_STATUS, template=changes_panel.PLANNED, filler=changes_panel.planned_deletion)
    fill(Slot.PORTAL_STATUS, template=changes_panel.CERTIFICATE, filler=changes_panel.deletion_certificate)
    fill(Slot.PORTAL_STATUS, template=changes_panel.LOOKED_AT, filler=changes_panel.looked_at)
    fill(Slot.PORTAL_STATUS, template=changes_panel.UNDONE, filler=changes_panel.left_undone)
    fill(
        Slot.PORTAL_STATUS,
        template=transmissions_panel.TEMPLATE,
        filler=transmissions_panel.other_services,
    )
    fill(Slot.CASE_LETTERS, template=certify.TEMPLATE, filler=certify.certify_panel)
    fill(Slot.PORTAL_STATUS, template=recipients_panel.TOLD, filler=recipients_panel.recipients_told)
