"""Where a run and each of its sources stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Where a run stands."""

    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")


class SourceState(models.TextChoices):
    """Where one source of a run stands, as a member of staff reads it."""

    WAITING = "waiting", _("Waiting its turn")
    SEARCHING = "searching", _("Searching")
    RETRYING = "retrying", _("Failed, tried again by itself")
    FOUND = "found", _("Found")
    NONE_FOUND = "none_found", _("None found")
    FAILED = "failed", _("Failed")
    EXCLUDED = "excluded", _("Excluded")
    CANCELLED = "cancelled", _("Cancelled")
