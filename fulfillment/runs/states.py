"""Where a run and each of its sources stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState


class RunState(models.TextChoices):
    """Where a run stands."""

    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")


class RunPurpose(models.TextChoices):
    """What a run is for."""

    SEARCH = "search", _("Search")
    VERIFICATION = "verification", _("Second search")


# The state of a request in which a run of a purpose goes on, and the move that its end makes.
GOES_ON_IN: dict[RunPurpose, RequestState] = {
    RunPurpose.SEARCH: RequestState.FULFILLING,
    RunPurpose.VERIFICATION: RequestState.VERIFYING,
}
ENDS_WITH: dict[RunPurpose, Move] = {
    RunPurpose.SEARCH: Move.FINISH_SEARCH,
    RunPurpose.VERIFICATION: Move.FINISH_VERIFICATION,
}


class SourceState(models.TextChoices):
    """Where one source of a run stands, as a member of staff reads it."""

    WAITING = "waiting", _("Waiting its turn")
    SEARCHING = "searching", _("Searching")
    ASKED = "asked", _("Waiting for a person")
    RETRYING = "retrying", _("Failed, tried again by itself")
    FOUND = "found", _("Found")
    NONE_FOUND = "none_found", _("None found")
    FAILED = "failed", _("Failed")
    EXCLUDED = "excluded", _("Excluded")
    CANCELLED = "cancelled", _("Cancelled")
