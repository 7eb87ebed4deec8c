"""Which deciding page a case has now: by its right, its state, and whether its parts are named."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.particulars import Correction, Objection
from requests_app.lifecycle.states import RequestState as S
from requests_app.review.weighing import carry_out
from requests_app.review.weighing.balancing_forms import BalancingForm, ReviewForm
from requests_app.review.weighing.carry_out import CarryOut
from requests_app.review.weighing.forms import CorrectionForm, DecidingForm
from requests_app.review.weighing.plain_forms import (
    LiftingForm,
    NameFieldsForm,
    NamePurposesForm,
    RestrictionForm,
)


@dataclass(frozen=True)
class DecidingPage:
    """One page: its words, its form, and what it does. `keeps` offers to save and go on later."""

    title: str | Promise
    consequence: str | Promise
    button: str | Promise
    form: type[DecidingForm]
    carry_out: CarryOut
    done: str | Promise
    move: Move = Move.GRANT
    keeps: bool = False


FIELDS = DecidingPage(
    title=_("Decide field by field"),
    consequence=_(
        "What you correct is corrected in every source; what you leave is used again as it is. The person reads "
        "each decision with its reason."
    ),
    button=_("Decide and tell the person"),
    form=CorrectionForm,
    carry_out=carry_out.fields_decided,
    done=_("Your decisions are kept."),
    keeps=True,
)
NAME_FIELDS = DecidingPage(
    title=_("Name the fields that the person means"),
    consequence=_("The request came in plain words. Then each field is decided on its own."),
    button=_("Name these fields"),
    form=NameFieldsForm,
    carry_out=carry_out.fields_named,
    done=_("The fields are named."),
)
PURPOSES = DecidingPage(
    title=_("Weigh each use that the person objects to"),
    consequence=_(
        "We must show compelling grounds that outweigh the person's, or stop. What you write down is kept as it is; "
        "the person reads your conclusion."
    ),
    button=_("Decide and tell the person"),
    form=BalancingForm,
    carry_out=carry_out.purposes_weighed,
    done=_("What you weighed is kept."),
    keeps=True,
)
NAME_PURPOSES = DecidingPage(
    title=_("Name the uses that the person objects to"),
    consequence=_(
        "The objection came in plain words. Then each use is weighed on its own; marketing always stops."
    ),
    button=_("Name these uses"),
    form=NamePurposesForm,
    carry_out=carry_out.purposes_named,
    done=_("The uses are named."),
)
REVIEW = DecidingPage(
    title=_("Review the decision that a machine made"),
    consequence=_("You are the person who looks at it. It changes or it stands, and the person reads why."),
    button=_("Decide and tell the person"),
    form=ReviewForm,
    carry_out=carry_out.decision_reviewed,
    done=_("Your review is kept."),
    keeps=True,
)
RESTRICT = DecidingPage(
    title=_("Restrict the use of the information?"),
    consequence=_(
        "Every source flags the records and leaves them alone. It stays so until you announce its end."
    ),
    button=_("Restrict it"),
    form=RestrictionForm,
    carry_out=carry_out.restriction_granted,
    done=_("Every source is asked to restrict the records."),
)
LIFTING = DecidingPage(
    title=_("Announce that the restriction is lifted?"),
    consequence=FACTS[Move.ANNOUNCE_LIFTING].consequence,
    button=_("Announce it"),
    form=LiftingForm,
    carry_out=carry_out.lifting_announced,
    done=_("The person is told why and when. They can answer until then."),
    move=Move.ANNOUNCE_LIFTING,
)
BY_HAND = DecidingPage(
    title=_("Begin to carry it out?"),
    consequence=FACTS[Move.GRANT].consequence,
    button=_("Begin now"),
    form=DecidingForm,
    carry_out=carry_out.begun_by_hand,
    done=_("Every source that is concerned is asked to act now."),
)
PAGES: dict[tuple[str, S], DecidingPage] = {
    ("correction", S.WEIGHING): FIELDS,
    ("objection", S.WEIGHING): PURPOSES,
    ("automated_decision", S.WEIGHING): REVIEW,
    ("withdraw_consent", S.IN_REVIEW): BY_HAND,
    ("opt_out_sale_share", S.IN_REVIEW): BY_HAND,
    ("limit_sensitive", S.IN_REVIEW): BY_HAND,
    ("restriction", S.IN_REVIEW): RESTRICT,
    ("restriction", S.IN_FORCE): LIFTING,
}


def page_for(subject_request: SubjectRequest) -> DecidingPage | None:
    """Return the page on which this case is decided now, or None when it is not."""
    page = PAGES.get((subject_request.right, S(subject_request.state)))
    if page is FIELDS and not Correction.of(subject_request).fields:
        return NAME_FIELDS
    if page is PURPOSES and not Objection.of(subject_request).purposes:
        return NAME_PURPOSES
    return page
