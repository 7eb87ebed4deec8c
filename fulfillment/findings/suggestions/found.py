"""Something in a text that identifies somebody, and how that is known."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Why(models.TextChoices):
    """The evidence of a suggestion."""

    ADDRESS = "address", _("an address that is not among the person's")
    NUMBER = "number", _("a phone number that is not among the person's")
    CHECKSUM = "checksum", _("its check digits are right, and it is not among the person's")
    BESIDE = "beside", _("a name beside what identifies somebody else")
    SAID = "said", _("a name after words such as “my colleague” or “spoke with”")
    TITLED = "titled", _("a name with a title such as Mr, Frau or pani")
    DOES = "does", _("a name, and what only people do, such as “said” or “was very helpful”")
    GREETED = "greeted", _("a name in a greeting or a signature")
    ALONE = "alone", _("a name or other words in another script than the sentence around them")
    LISTED = "listed", _("a given name, and another name behind it")
    KNOWN = "known", _("another record of this request gives it to somebody else")
    SIGNED = "signed", _("a name in a field for names, in a record of somebody else")
    MAPPED = "mapped", _("a field that holds identities, and this one is not the person's")


@dataclass(frozen=True, slots=True)
class Found:
    """Characters of a text, of which kind, and why they are somebody's."""

    kind: str
    why: str
    start: int
    end: int
