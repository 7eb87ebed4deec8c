"""How an identity came to be known, where it stands, and what speaks against taking it without a look."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Found(models.TextChoices):
    """How an identity came to be known."""

    PROVED = "proved", _("Proved: the person controls this address")
    NO_PROOF = "no_proof", _("Given by the person; the law of this request asks for no proof")
    GIVEN = "given", _("Given with the request, proved by nobody")
    REFERENCE = "reference", _("The key of the person's own record, to which a map refers")
    RECORD = "record", _("Stands in the person's own record")
    STAFF = "staff", _("Entered by staff")


class IdentityState(models.TextChoices):
    """Whether sources are asked by it."""

    PROPOSED = "proposed", _("To be decided")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class Doubt(models.TextChoices):
    """Why a person has to look before an identity is used; NONE where nobody has to."""

    NONE = "", ""
    UNPROVEN = "unproven", _("Nobody has shown that it is theirs.")
    SELF_SAID = "self_said", _("Whoever uses the account may have written it there.")
    SHARED_MAILBOX = "shared_mailbox", _("It looks like a mailbox that several people read.")
    SEVERAL = (
        "several",
        _("Several records have the same address: two accounts, or two people of one household."),
    )
    OTHER_NAME = "other_name", _("The record it stands in bears another name.")
    OTHER_REQUEST = "other_request", _("A request of somebody else is known by the same.")


# What is found so may be used without a person's word, where no doubt stands against it.
TRUSTED = frozenset({Found.PROVED, Found.NO_PROOF, Found.REFERENCE})
