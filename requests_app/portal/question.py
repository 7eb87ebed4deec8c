"""Our question to the person, in their words: the task, whose turn it is, and why a date moved."""

from django.urls import reverse
from django.utils.translation import gettext as _

from requests_app.components.parts import Progress, Task
from requests_app.deadlines import explain
from requests_app.decisions.models import AskedQuestion
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.models import SubjectRequest


def open_question_of(subject_request: SubjectRequest) -> AskedQuestion | None:
    """Return what waits for the person's answer; nothing once the request is closed."""
    if subject_request.is_closed:
        return None
    found: AskedQuestion | None = subject_request.questions.filter(ended_at=None).first()
    return found


def question_task(subject_request: SubjectRequest) -> Task | None:
    """The task of answering or paying, if anything was asked."""
    asked = open_question_of(subject_request)
    if asked is None:
        return None
    if not asked.is_fee:
        return Task(_("Answer our question"), Progress.NOW, _("Not answered yet"), reverse("portal:question"))
    label = _("Pay the fee of %(price)s") % {"price": asked.price}
    if asked.said_paid_at:
        day = explain.day_words(day_of(subject_request, asked.said_paid_at))
        said = _("You told us on %(day)s that it is paid") % {"day": day}
        return Task(label, Progress.DONE, said, text=_("We go on as soon as it has arrived."))
    return Task(label, Progress.NOW, _("Not paid yet"), reverse("portal:question"))


def what_is_asked(subject_request: SubjectRequest) -> str:
    """What we need from the person while it is their turn to answer."""
    asked = open_question_of(subject_request)
    if asked is not None and asked.is_fee:
        return _("A fee is due before we go on. You can also take your request back.")
    return _("We asked you one thing that only you can tell us. You find it under your tasks.")


def why_it_moved(subject_request: SubjectRequest) -> str:
    """Say which date stood before, and the reason that staff gave; nothing while the first date stands."""
    moved = subject_request.moved_dates.last()
    if moved is None:
        return ""
    before = _("It was %(day)s before.") % {"day": explain.day_words(moved.before)}
    return f"{before} {_('The reason:')} {moved.reason}" if moved.reason else before
