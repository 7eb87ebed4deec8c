"""Where a transmission stands, why it ended, and the words for both."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class TransmissionState(models.TextChoices):
    """Where one transmission stands."""

    NAMED = "named", _("Not confirmed yet")
    ASKED = "asked", _("Waiting for our approval")
    APPROVED = "approved", _("Approved, being sent")
    RECEIVED = "received", _("Received, with a receipt that fits")
    UNCONFIRMED = "unconfirmed", _("Sent, without a receipt")
    REFUSED = "refused", _("Refused by us")
    DECLINED = "declined", _("Refused by the other service")
    FAILED = "failed", _("Could not be sent")
    DISPUTED = "disputed", _("Sent, but the receipt does not fit")
    WITHDRAWN = "withdrawn", _("Taken back")


S = TransmissionState
OPEN = frozenset({S.NAMED, S.ASKED, S.APPROVED})
# These are looked at by a person of ours, who may have the same copy sent again.
TROUBLED = frozenset({S.UNCONFIRMED, S.DECLINED, S.FAILED, S.DISPUTED})

ICONS: dict[str, tuple[str, str]] = {
    S.NAMED: ("ring", ""),
    S.ASKED: ("ring-half", "warn"),
    S.APPROVED: ("ring-now", "info"),
    S.RECEIVED: ("ring-done", "good"),
    S.UNCONFIRMED: ("ring-half", "warn"),
    S.REFUSED: ("ring-bad", "bad"),
    S.DECLINED: ("ring-bad", "bad"),
    S.FAILED: ("ring-bad", "bad"),
    S.DISPUTED: ("ring-bad", "bad"),
    S.WITHDRAWN: ("minus", ""),
}


class Why(models.TextChoices):
    """Why a transmission ended as it did; the label is said to the person and to staff alike."""

    TOO_LARGE_FOR_THEM = "too_large_for_them", _("The copy is larger than the other service takes.")
    TOO_LARGE_FOR_US = "too_large_for_us", _("The copy is larger than we can send this way.")
    NOT_TAKEN = "not_taken", _("The other service does not take the copy.")
    NOBODY_THERE = "nobody_there", _("The other service takes no copies at this address any more.")
    SENT_ELSEWHERE = (
        "sent_elsewhere",
        _("The other service wanted it sent to another address than the one that was approved."),
    )
    NOT_UNDERSTOOD = "not_understood", _("The other service answered something that we cannot use.")
    NOT_REACHED = "not_reached", _("The other service could not be reached, though we tried for days.")
    NOT_ALLOWED = "not_allowed", _("The address leads to a place that we may not send to.")
    OTHER_DIGEST = "other_digest", _("The receipt names another file than the one we sent.")
    BAD_RECEIPT = "bad_receipt", _("The signature of the receipt does not fit.")
    NO_RECEIPT = "no_receipt", _("All of it was sent, and the other service gave no receipt.")
    COPY_GONE = "copy_gone", _("The copy was erased or taken back before it could be sent.")
    COPY_DAMAGED = "copy_damaged", _("The copy could not be read on our side.")
    STOPPED = "stopped", _("The request ended before it was sent.")
    OUR_FAULT = "our_fault", _("Something broke on our side.")


STATE_TEXT: dict[str, str | Promise] = {
    S.NAMED: _("You have named it, and not confirmed it yet. Nothing is sent."),
    S.ASKED: _("Somebody of our team looks at the address, and then lets your copy go."),
    S.APPROVED: _(
        "Your copy is on its way. We try again by ourselves when the other service does not answer."
    ),
    S.RECEIVED: _("The other service has confirmed that it received exactly what we sent."),
    S.UNCONFIRMED: _("We sent all of it. We cannot say that it arrived: no receipt came."),
    S.REFUSED: _("We did not send your copy there."),
    S.DECLINED: _("The copy was not handed over."),
    S.FAILED: _("Your copy could not be handed over."),
    S.DISPUTED: _("We sent it, and what came back does not prove that the right file arrived."),
    S.WITHDRAWN: _("You took it back."),
}
