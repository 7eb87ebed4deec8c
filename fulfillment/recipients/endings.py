"""How it ends with a recipient: what it says it did, or why it is not told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ending(models.TextChoices):
    """The first three are a recipient's own words; the others a person's finding (Article 19 GDPR, first sentence)."""

    DONE = "done", _("They have done it")
    NOT_HELD = "not_held", _("They hold nothing of this person")
    CANNOT = "cannot", _("They cannot, and say why")
    IMPOSSIBLE = "impossible", _("They cannot be told: it proves impossible")
    DISPROPORTIONATE = "disproportionate", _("They are not told: the effort would be disproportionate")


ANSWERS = (Ending.DONE, Ending.NOT_HELD, Ending.CANNOT)
SPARED = frozenset({Ending.IMPOSSIBLE, Ending.DISPROPORTIONATE})
NEEDS_WHY = frozenset({Ending.CANNOT, *SPARED})
