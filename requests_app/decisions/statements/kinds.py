"""Statements as kinds of letter: one for each way in which people decide, so that none says more than was decided."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_lazy as to_staff

from requests_app.correspondence import facts as f
from requests_app.correspondence.samples import sample as notice_sample
from requests_app.letters.blocks import Block, Heading, bullets, paragraph
from requests_app.letters.kinds import Context, Kind, Shipped, Words, add_kind
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.states import RequestState

GROUP = to_staff("Statements of what people decided")
FACTS = f.block(
    "facts", to_staff("What it was about, how it was decided, what came of it and why"), lambda of: of.facts
)
_PROVES = to_staff("a statement without its facts proves nothing")
NEEDS = (f.SAYS_REFERENCE, f.needed(to_staff("the facts"), _PROVES, ("facts",)), f.SAYS_WAYS)
PLACEHOLDERS = (f.REFERENCE, FACTS, f.WAYS_WHERE_CONTESTED, f.APPEAL_UNTIL, f.AUTHORITY)

REVIEW_TITLE, APPEAL_TITLE = lazy("Review by a person"), lazy("Decision about your appeal")
# Statement → what staff call it, its title, its first sentence.
NAMED: dict[str, tuple[Words, Words, Words]] = {
    "statement_review_changed": (
        to_staff("Review by a person: changed"),
        REVIEW_TITLE,
        lazy(
            "A person has reviewed the decision that your request {{ reference }} is about, and changed it."
        ),
    ),
    "statement_review_partly": (
        to_staff("Review by a person: changed in part"),
        REVIEW_TITLE,
        lazy(
            "A person has reviewed the decision that your request {{ reference }} is about. It was changed in part, or "
            "the change could not be made everywhere."
        ),
    ),
    "statement_review_stands": (
        to_staff("Review by a person: it stands"),
        REVIEW_TITLE,
        lazy("A person has reviewed the decision that your request {{ reference }} is about. It stands."),
    ),
    "statement_appeal_upheld": (
        to_staff("Appeal: successful"),
        APPEAL_TITLE,
        lazy("Your appeal {{ reference }} was successful: what was decided before does not stand."),
    ),
    "statement_appeal_stands": (
        to_staff("Appeal: decided as before"),
        APPEAL_TITLE,
        lazy("We have looked at what your appeal {{ reference }} is about once more, and decided as before."),
    ),
    "statement_complaint": (
        to_staff("Complaint: what came of it"),
        lazy("What came of your complaint"),
        lazy("We have looked into your complaint {{ reference }}."),
    ),
    "statement_grievance": (
        to_staff("Grievance: what came of it"),
        lazy("What came of your grievance"),
        lazy("We have looked into your grievance {{ reference }}."),
    ),
    "statement_nominate": (
        to_staff("Nomination: what was noted"),
        lazy("Whom you named to act for you"),
        lazy("This is what we noted for your request {{ reference }}."),
    ),
}
_OF_REVIEW = {
    Outcome.NOT_CHANGED: "statement_review_stands",
    Outcome.PARTLY: "statement_review_partly",
    Outcome.GRANTED: "statement_review_changed",
}
_OF_APPEAL = {
    RequestState.REFUSED: "statement_appeal_stands",
    RequestState.COMPLETED: "statement_appeal_upheld",
}
_IN_WORDS = frozenset({"complaint", "grievance", "nominate"})


def statement_of(subject_request: SubjectRequest) -> str | None:
    """The kind of statement for how a request ended; None where something else says it, or nobody decided."""
    state = RequestState(subject_request.state)
    if subject_request.right == "appeal":
        return _OF_APPEAL.get(state)
    if state is not RequestState.COMPLETED:
        return None
    if subject_request.right == "automated_decision":
        return _OF_REVIEW[Outcome(subject_request.outcome or Outcome.GRANTED)]
    return f"statement_{subject_request.right}" if subject_request.right in _IN_WORDS else None


def add_statements() -> None:
    """Make every kind of statement known; called once, at start-up."""
    for key, (label, title, opening) in NAMED.items():
        body = format_lazy("{}\n\n{}\n\n{}", opening, FACTS.token, f.WAYS.token)
        add_kind(Kind(key, label, GROUP, PLACEHOLDERS, NEEDS, sample, Shipped(f.titled(title), body)))


def sample() -> Context:
    """A statement of nobody."""
    facts: tuple[Block, ...] = (
        Heading("What it was about"),
        bullets(["The decision: My account was closed.", "What you say to it: It was not me."]),
        Heading("What was decided"),
        paragraph("The account is opened again."),
    )
    return {**notice_sample(), "facts": facts}
