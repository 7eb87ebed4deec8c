"""Every mail we send to the person, and which of them are letters that stay on their page."""

from enum import StrEnum


class Notice(StrEnum):
    """Every message we send; each has a folder of three templates under templates/emails/."""

    RECEIVED = "received"
    CONFIRM_IDENTITY = "confirm_identity"
    IDENTITY_CONFIRMED = "identity_confirmed"
    PROOF_NEEDED = "proof_needed"
    PROOF_REJECTED = "proof_rejected"
    LESSENED = "lessened"
    PORTAL_CODE = "portal_code"
    DOWNLOAD_CODE = "download_code"
    TRANSMISSION_CODE = "transmission_code"
    TRANSMISSION_ENDED = "transmission_ended"
    COPY_READY = "copy_ready"
    COPY_EXPIRED = "copy_expired"
    COPY_TAKEN_BACK = "copy_taken_back"
    ANSWERED = "answered"
    IN_FORCE = "in_force"
    KEPT_IN_FORCE = "kept_in_force"
    LIFTING_ANNOUNCED = "lifting_announced"
    LIFTED = "lifted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    DATE_MOVED = "date_moved"
    QUESTION_ASKED = "question_asked"
    FEE_ASKED = "fee_asked"
    FORWARDED = "forwarded"
    JOINED = "joined"
    CONFIRM_REMINDER = "confirm_reminder"
    QUESTION_REMINDER = "question_reminder"
    GUARDIAN_ASKED = "guardian_asked"
    DELETION_PLANNED = "deletion_planned"
    DELETION_DONE = "deletion_done"


# Acknowledgements, extensions, questions, refusals and what came of a request: each is also kept as a letter, to be
# taken out as PDF or text. Codes, reminders and mails to others are not. What has a letter of its own beside the mail
# is not here either: a copy that was handed over, one that was sent to another service, a deletion that is over.
LETTERS = frozenset(
    {
        Notice.RECEIVED,
        Notice.IDENTITY_CONFIRMED,
        Notice.LESSENED,
        Notice.ANSWERED,
        Notice.IN_FORCE,
        Notice.KEPT_IN_FORCE,
        Notice.LIFTING_ANNOUNCED,
        Notice.LIFTED,
        Notice.REFUSED,
        Notice.WITHDRAWN,
        Notice.LAPSED,
        Notice.COPY_EXPIRED,
        Notice.COPY_TAKEN_BACK,
        Notice.DATE_MOVED,
        Notice.QUESTION_ASKED,
        Notice.FEE_ASKED,
        Notice.FORWARDED,
        Notice.JOINED,
    }
)
