"""The questions to somebody who asks for another person: an agent, a parent or a guardian."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.components.forms import OneOf, Option
from requests_app.intake.checked import NAME_MAX
from requests_app.intake.web.questions import QuestionForm, address, line

RELATIONS = [("parent", _("I am a parent")), ("guardian", _("I am the legal guardian"))]
PROOFS = [("mandate", _("I have a signed permission")), ("person", _("They will confirm it themselves"))]


class AgentForm(QuestionForm):
    """Who acts for the person, and how they can show it."""

    title = _("About you")
    lead = _("Our answer goes to the person, at their own address. Thank you for helping them.")
    summary: ClassVar = {
        "name": _("Your name"),
        "email": _("Your mail address"),
        "proof": _("How we can be sure"),
    }
    name = line(_("Your name"), required=_("Enter your name"), length=NAME_MAX)
    email = address(
        _("Your mail address"),
        required=_("Enter your mail address"),
        hint=_("We write here about your part in it."),
    )
    proof = forms.ChoiceField(
        label=_("How can we be sure that you act for them?"),
        help_text=_(
            "Whatever you choose, we also ask the person, through their own address. Send no papers now."
        ),
        choices=PROOFS,
        widget=OneOf(
            {
                "mandate": Option(
                    _("For example a power of attorney. We tell you later how to show it."), "file"
                ),
                "person": Option(_("We ask them whether they want you to act for them."), "user"),
            }
        ),
        error_messages={"required": _("Choose how we can be sure that you act for them")},
    )


class ChildForm(QuestionForm):
    """Who asks for the child."""

    title = _("About you")
    lead = _(
        "We may ask later how we can be sure that you are responsible for the child. Send no papers now."
    )
    summary: ClassVar = {
        "relation": _("How you are related"),
        "name": _("Your name"),
        "email": _("Your mail address"),
    }
    relation = forms.ChoiceField(
        label=_("How are you related to the child?"),
        choices=RELATIONS,
        widget=OneOf(),
        error_messages={"required": _("Choose how you are related to the child")},
    )
    name = line(_("Your name"), required=_("Enter your name"), length=NAME_MAX)
    email = address(_("Your mail address"), required=_("Enter your mail address"))
