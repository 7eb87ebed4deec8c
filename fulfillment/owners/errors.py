"""The refusals around the tasks of owners."""

from requests_app.errors import DomainError


class OwnerLinkNotValid(DomainError):
    """The token of a link is not one of ours, was damaged on its way, or was replaced by a newer one."""

    code = "owner_link_not_valid"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "This link is not complete, or a newer one has replaced it. Open it again from our latest message."
        )


class OwnerLinkExpired(DomainError):
    """The link is too old."""

    code = "owner_link_expired"
    status = 410

    def __init__(self) -> None:
        super().__init__(
            "This link has expired. The task is still open: we can mail a new link to its owner."
        )


class OwnerTaskEnded(DomainError):
    """The task was answered, or is no longer wanted."""

    code = "owner_task_ended"
    status = 410


class WrongOwnerCode(DomainError):
    """The code is not the one that was mailed last, or is used up."""

    code = "wrong_owner_code"
    status = 400

    def __init__(self) -> None:
        super().__init__("This is not the code that we mailed last, or it has expired. Ask for a new one.")


class NothingHandedIn(DomainError):
    """Somebody says that something was found and gives none of it."""

    code = "nothing_handed_in"
    status = 400


class TooManyFiles(DomainError):
    """More is handed in than one answer takes."""

    code = "too_many_files"
    status = 400
