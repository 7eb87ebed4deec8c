"""Conditions on what is weighed: nothing where the law is absolute, every part where it is not."""

from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.weighed import Verdict, in_favour, is_weighed, undecided


def something_is_to_be_weighed(attempt: Attempt) -> str | None:
    """An objection to marketing is not weighed: it stops at once (Art. 21(3) GDPR)."""
    if is_weighed(attempt.subject_request):
        return None
    return "An objection to marketing is not weighed: it stops at once."


def nothing_is_to_be_weighed(attempt: Attempt) -> str | None:
    """Only an objection to marketing alone acts at once; any other purpose is weighed first (Art. 21(1) GDPR)."""
    if attempt.subject_request.right == "objection" and is_weighed(attempt.subject_request):
        return "Only an objection to marketing alone acts at once: another purpose is weighed first."
    return None


def every_part_is_decided(attempt: Attempt) -> str | None:
    """What consists of parts is granted when each is decided, and one at least for the person."""
    return undecided(attempt.subject_request)


def nothing_was_granted(attempt: Attempt) -> str | None:
    """What was decided for the person in part is carried out in part."""
    if not in_favour(attempt.subject_request):
        return None
    return "A part of this request is decided for the person already: grant that part."


def a_person_looked_again(attempt: Attempt) -> str | None:
    """A machine's decision stands only after a person has written down why (Art. 22(3) GDPR)."""
    found = attempt.subject_request.weighed.filter(verdict=Verdict.FOR_US)
    return None if found.exists() else "Nobody has written down yet what a person found."
