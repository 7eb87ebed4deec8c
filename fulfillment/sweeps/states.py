"""What a sweep is for, and what a person made of a trace."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepPurpose(models.TextChoices):
    """Why a source is gone through."""

    REVIEW = "review", _("For the review")
    AFTER_CHANGE = "after_change", _("After a deletion")


class TraceDecision(models.TextChoices):
    """What becomes of a trace."""

    OPEN = "open", _("Not decided")
    ACCEPTED = "accepted", _("About the person")
    REFUSED = "refused", _("Not about the person")
