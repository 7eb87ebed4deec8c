"""The question why information shall not be used for now: the grounds of the law there, in the person's words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import OneOf
from requests_app.intake.submit import regime_for
from requests_app.intake.web.places import place_of
from requests_app.intake.web.questions import text
from requests_app.intake.web.right_forms import RightForm
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.grounds import RESTRICTION
from requests_app.lifecycle.particulars import TEXT_MAX

# What a ground is to whoever names it; the law's own words are for the staff, who say whether it holds.
WORDS: Mapping[str, Promise] = {
    "accuracy": _("It is not right, and you are checking it"),
    "unlawful": _("You should not have it, but I do not want it deleted"),
    "claims": _("You no longer need it, but I do, for a legal claim"),
    "objection": _("I have objected, and you are weighing it"),
    "unnecessary": _("You do not need it, or it is more than you need"),
    "beyond_purpose": _("You use it for something else than you told me, or improperly"),
    "unlawfully_acquired": _("You should not have got it"),
    "unlawfully_provided": _("You pass it on and should not; I want that to end"),
    "no_longer_needed": _("You no longer need it, it has leaked, or its use may harm me"),
    "proof": _("You no longer need it, but it has to be kept as proof"),
    "transfer": _("I want it sent to another company"),
    "on_request": _("I ask you to; I need no reason"),
}
# Where a law means something of its own by the same word.
OF_A_LAW: Mapping[tuple[str, str], Promise] = {
    ("br-lgpd", "unlawful"): _("You handle it against the law"),
    ("ch-nfadp", "unlawful"): _("Its use is wrong towards me, and I want it stopped"),
    ("ch-nfadp", "accuracy"): _("Nobody can tell whether it is right, and I say that it is not"),
}


def grounds_to_name(place: str | None, on: date) -> list[tuple[str, Promise]]:
    """Return the grounds of the law that answers for somebody at a place, each with the person's words."""
    law = jurisdiction(regime_for(place, RESTRICTION, datetime.combine(on, time(12), UTC)))
    return [
        (each.code, OF_A_LAW.get((law.key, each.code), WORDS[each.code])) for each in law.restriction_grounds
    ]


class RestrictionForm(RightForm):
    """Why, and what."""

    title = _("Why should we not use it for now?")
    lead = _(
        "We keep your information but do not use it, until the reason is gone. We tell you before that ends."
    )
    summary: ClassVar = {"ground": _("Why it is not to be used"), "what": _("Which information")}
    ground = forms.ChoiceField(
        label=_("The reason"),
        widget=OneOf(),
        error_messages={"required": _("Choose the reason that fits best")},
    )
    what = text(_("Which information? (optional)"), hint=_("Leave it empty for all of it."), length=TEXT_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = grounds_to_name(place_of(self.answers), self.on)
        cast("forms.ChoiceField", self.fields["ground"]).choices = known
