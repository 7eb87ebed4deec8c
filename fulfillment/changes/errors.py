"""The refusals around changes."""

from requests_app.errors import DomainError


class ChangeAlreadyEnded(DomainError):
    """Somebody else was first, or the change is no longer wanted."""

    code = "change_already_ended"


class ResultNotClean(DomainError):
    """Something is left, or was not searched, and nobody said why the request may be completed all the same."""

    code = "result_not_clean"


class ChangesHeldAlready(DomainError):
    """Nothing more is changed for this request as it is."""

    code = "changes_held_already"


class NothingIsHeld(DomainError):
    """The hold was lifted, or its last day is over."""

    code = "nothing_is_held"


class DeletionHasBegun(DomainError):
    """What a deletion takes was decided, or is being taken: single records are held or freed no more."""

    code = "deletion_has_begun"


class RecordHeldAlready(DomainError):
    """A hold stands on the record; its reason is not overwritten."""

    code = "record_held_already"


class NothingToLookAt(DomainError):
    """The look beforehand is over: what is to be done was decided."""

    code = "nothing_to_look_at"


class SourceIsAtWork(DomainError):
    """A change is being made at this moment, or nobody knows yet whether it was."""

    code = "source_is_at_work"
