"""What a case needs next from the one who looks at it: one act, the others, and why not the rest."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.decisions.appeal import is_late, no_appeal_because
from requests_app.identity.ask import MARKED_SENSITIVE_IN
from requests_app.lifecycle.conditions import Attempt, identity_is_proven, unmet
from requests_app.lifecycle.known_rights import machine_of
from requests_app.lifecycle.machine import moves_from
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.permissions import not_permitted
from requests_app.lifecycle.selectors import AvailableMove, moves_available_to
from requests_app.lifecycle.states import RequestState
from requests_app.review.navigation import hint_for, page_of
from requests_app.review.next_words import LACKS_PROOF, UNFETCHED, Words, next_words
from requests_app.review.second_person import must_be_proposed
from requests_app.roles import Permission

_PROOF_COMES_LATER = {RequestState.AWAITING_IDENTITY, RequestState.AWAITING_ANSWER, RequestState.FULFILLING}


@dataclass(frozen=True)
class Act:
    """One thing that can be done: the words of its button, and where it is done."""

    label: str
    url: str
    is_harmful: bool = False


@dataclass(frozen=True)
class NextStep:
    """The box that tells the reader their part of the story."""

    title: str
    text: str
    main: Act | None
    others: tuple[Act, ...]
    cannot: tuple[AvailableMove, ...]


def next_step(subject_request: SubjectRequest, member: StaffMember) -> NextStep:
    """Return what this person can do now, and for the rest the sentence that says why not."""
    wanted = _words(subject_request)[2]
    available = _completed_elsewhere(subject_request, member)
    allowed = [each for each in available if each.allowed]
    main = next((each for each in allowed if each.move is wanted), None)
    done_there = _act(main, subject_request) if main else None
    acts = (_act(each, subject_request) for each in allowed)
    others = tuple(act for act in acts if done_there is None or act.url != done_there.url)
    others += _appeal(subject_request, member)
    refused = [each for each in available if not each.allowed]
    proposable = [each for each in refused if _can_be_proposed(each, subject_request, member)]
    others += tuple(_proposal(each, subject_request) for each in proposable)
    cannot = tuple(each for each in refused if each not in proposable)
    hint = hint_for(subject_request)
    main_act = Act(hint.label, hint.url) if hint is not None else done_there
    return NextStep(*what_is_next(subject_request), main_act, others, cannot)


def what_is_next(subject_request: SubjectRequest) -> tuple[str, str]:
    """Return what is next for a request and why, whoever looks at it."""
    hint = hint_for(subject_request)
    if hint is not None:
        return hint.title, hint.text
    title, text, _move = _words(subject_request)
    return str(title), _late(subject_request) + str(text)


def _lacks_proof(subject_request: SubjectRequest) -> bool:
    """Whether the demand rose after the proof was there; a search under way ends first, and changes none of it."""
    if subject_request.state not in MARKED_SENSITIVE_IN - _PROOF_COMES_LATER:
        return False
    return identity_is_proven(Attempt(subject_request, Actor.system("review"))) is not None


def _can_be_proposed(available: AvailableMove, subject_request: SubjectRequest, member: StaffMember) -> bool:
    """Whether only the second person is missing that the policy asks for."""
    by, move, page = Actor.staff(member), available.move, page_of(available.move)
    if page is not None and page.only_there:
        return False  # what is kept on its own page is the proposal
    if not_permitted(move, by) or not must_be_proposed(subject_request, move, by=by):
        return False
    return unmet(Attempt(subject_request, by), move, proposing=True) is None


def _proposal(available: AvailableMove, subject_request: SubjectRequest) -> Act:
    act = _act(available, subject_request)
    return replace(act, label=_("Propose: %(move)s") % {"move": act.label})


def _words(subject_request: SubjectRequest) -> Words:
    if subject_request.was_unfetched:
        return UNFETCHED
    if _lacks_proof(subject_request):
        return LACKS_PROOF[
            Move.ASK_MORE_PROOF in moves_from(machine_of(subject_request), subject_request.state)
        ]
    return next_words(subject_request.right, RequestState(subject_request.state))


def _late(subject_request: SubjectRequest) -> str:
    """Whoever decides an appeal decides also whether one that came too late is looked at."""
    if subject_request.is_closed or subject_request.link != Link.APPEAL or not is_late(subject_request):
        return ""
    return _("It came after the last day for an appeal: decide also whether to look at it.") + " "


def _completed_elsewhere(subject_request: SubjectRequest, member: StaffMember) -> list[AvailableMove]:
    """The moves of this person; one whose page takes what it still lacks can be begun there."""
    by = Actor.staff(member)
    return [
        AvailableMove(each.move, allowed=True, sentence="") if _is_begun_on_its_page(each, by) else each
        for each in moves_available_to(subject_request, by)
    ]


def _is_begun_on_its_page(available: AvailableMove, by: Actor) -> bool:
    page = page_of(available.move)
    return page is not None and page.completes and not_permitted(available.move, by) is None


def _appeal(subject_request: SubjectRequest, member: StaffMember) -> tuple[Act, ...]:
    """An appeal that came by letter or on the phone is taken in at the case that it is about."""
    if not member.may(Permission.WORK_CASES) or no_appeal_because(subject_request):
        return ()
    return (Act(_("Take in an appeal"), reverse("review:take_appeal", args=[subject_request.reference])),)


def url_of(move: Move, subject_request: SubjectRequest) -> str:
    """Return where a move of a case is made: on a page of its own, or on the one confirm page."""
    page = page_of(move)
    if page is not None:
        return reverse(page.url_name, args=[subject_request.reference])
    return reverse("review:move", args=[subject_request.reference, move.value])


def _act(available: AvailableMove, subject_request: SubjectRequest) -> Act:
    page = page_of(available.move)
    label = page.label if page is not None else available.move.label
    return Act(str(label), url_of(available.move, subject_request), available.facts.is_harmful)
