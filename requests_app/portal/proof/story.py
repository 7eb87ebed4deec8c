"""What is still to be shown, why, and how, in the person's words."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from requests_app.components.parts import Progress, Task
from requests_app.deadlines import explain
from requests_app.identity.models import Verification
from requests_app.identity.time_left import asked_in_doubt_at, lapses_on
from requests_app.identity.ways import Way, given_by, missing, waits_for_more, ways_for
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.clock import day_of
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import Asker, IdentityLevel, SubjectRequest
from requests_app.lifecycle.proof import row_for
from requests_app.lifecycle.states import RequestState


@dataclass(frozen=True)
class Why:
    """A reason for asking, with the passage of the law where there is one."""

    text: str
    cite: str = ""


@dataclass(frozen=True)
class Choice:
    """One way to choose."""

    label: str | Promise
    hint: str | Promise
    url: str
    note: str = ""


@dataclass(frozen=True)
class GivenStory:
    """A proof that waits for us, which the person can still take back."""

    label: str | Promise
    when: date
    deleted_on: date | None
    take_back_url: str


def whys(subject_request: SubjectRequest) -> list[Why]:
    """Why more than the code is asked."""
    wanted, law = missing(subject_request), jurisdiction(subject_request.regime)
    found = []
    if wanted.level is not None and asked_in_doubt_at(subject_request):
        found.append(
            Why(_("We are not sure yet that it is you who asks: %(why)s") % {"why": subject_request.reason})
        )
    elif wanted.level is not None:
        row = row_for(subject_request.right, subject_request.regime)
        found.append(_by_table(subject_request, law.short_name, row.cite))
    if wanted.standing and subject_request.asked_by == Asker.AGENT:
        found.append(Why(_("Somebody asks for you. We do what they ask only if you have allowed it.")))
    elif wanted.standing:
        found.append(Why(_("You ask for a child. We answer only who may ask for it.")))
    return found


def _by_table(subject_request: SubjectRequest, law: str, cite: str) -> Why:
    what = str(right(subject_request.right).label)
    if cite:
        text = _("For “%(what)s”, %(law)s wants us to be more certain than a mailbox can make us.")
        return Why(text % {"what": what, "law": law}, cite)
    if subject_request.is_sensitive:
        return Why(_("This request is about sensitive information. In the wrong hands it could hurt you."))
    return Why(
        _("“%(what)s” cannot be undone or hands out much, so we make sure that it is you.") % {"what": what}
    )


def choices(subject_request: SubjectRequest) -> list[Choice]:
    """The ways to choose from."""
    return [_choice(each) for each in ways_for(subject_request)]


def _choice(way: Way) -> Choice:
    note = ""
    if way.only_lesser:
        note = _(
            "This is enough for an answer with the kinds of information that we hold, not the information."
        )
    url = reverse("portal:give-proof", args=[way.method.key])
    return Choice(way.method.label, way.method.hint, url, note)


def given(subject_request: SubjectRequest, labels: dict[str, str | Promise]) -> list[GivenStory]:
    """The proofs that we have not looked at yet."""
    return [_given(each, labels.get(each.method, each.method)) for each in given_by(subject_request)]


def _given(verification: Verification, label: str | Promise) -> GivenStory:
    when = day_of(verification.subject_request, verification.given_at or verification.asked_at)
    url = reverse("portal:take-back-proof", args=[verification.pk])
    return GivenStory(label, when, verification.delete_on, url)


def proof_tasks(subject_request: SubjectRequest) -> list[Task]:
    """The person's task, where more than the code is needed."""
    label = _label(subject_request)
    if waits_for_more(subject_request):
        url = reverse("portal:proof")
        if given_by(subject_request):
            return [Task(label, Progress.NOW, _("We are looking at it"), url)]
        until = _("Please do it before %(day)s.") % {"day": explain.day_words(lapses_on(subject_request))}
        return [Task(label, Progress.NOW, _("To do"), url, until)]
    if subject_request.identity_level > IdentityLevel.CHANNEL or subject_request.standing_proven_at:
        return [Task(label, Progress.DONE, _("Done"))]
    return []


def proof_headline(subject_request: SubjectRequest) -> str:
    """What the page says first while more is to be shown; empty where the words of the state fit."""
    if not waits_for_more(subject_request):
        return ""
    if given_by(subject_request):
        return _("We are looking at what you gave us")
    if not _is_about_standing(subject_request):
        return ""
    if subject_request.asked_by == Asker.AGENT:
        return _("Please confirm that somebody may ask for you")
    return _("Please show that you look after the child")


def proof_turn(subject_request: SubjectRequest) -> tuple[str, str] | None:
    """Whose turn it is while more is to be shown: a lead and a sentence."""
    if subject_request.state != RequestState.AWAITING_IDENTITY or not waits_for_more(subject_request):
        return None
    if given_by(subject_request):
        return _("It is our turn."), _("We look at what you gave us, and write to you.")
    return _("It is your turn."), _("Your address is confirmed. We need one more thing before we can begin.")


def _is_about_standing(subject_request: SubjectRequest) -> bool:
    """Whether it is, or was, about who may ask for the person, and not about who they are."""
    if waits_for_more(subject_request):
        return missing(subject_request).level is None
    return subject_request.identity_level <= IdentityLevel.CHANNEL


def _label(subject_request: SubjectRequest) -> str:
    if not _is_about_standing(subject_request):
        return _("Show that it is you")
    if subject_request.asked_by == Asker.AGENT:
        return _("Confirm that somebody may ask for you")
    return _("Show that you look after the child")
