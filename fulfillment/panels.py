"""What this app shows on pages that belong to the case: the search on the staff's page, the copy on the person's."""

from fulfillment.bundles import panel as bundle_panel
from fulfillment.runs import panel as runs_panel
from requests_app.panels import Slot, fill


def fill_slots() -> None:
    """Register our panels; called once, at start-up."""
    fill(Slot.CASE_SOURCES, template="runs/panel.html", filler=runs_panel.sources_panel)
    fill(Slot.PORTAL_DOWNLOAD, template=bundle_panel.TEMPLATE, filler=bundle_panel.portal_download)
