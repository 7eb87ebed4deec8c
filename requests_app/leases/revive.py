"""Let work that was given up go once more."""

from django.db.models.functions import Now

from requests_app.leases.models import LeasedWork, WorkState


def back_in_line(row: LeasedWork) -> bool:
    """The same row waits again, with all its attempts before it. Returns whether it was given up, and is not now.

    It is no new row: what it makes bears the name it always had, so nothing is made twice.
    """
    given_up = type(row)._default_manager.filter(pk=row.pk, work_state=WorkState.DEAD)
    return bool(
        given_up.update(
            work_state=WorkState.WAITING, attempts=0, next_attempt_at=Now(), last_error="", leased_until=None
        )
    )
