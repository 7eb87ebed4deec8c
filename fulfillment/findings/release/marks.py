"""What stands where something was covered, in the words of the one who reads it."""

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from fulfillment.findings.decisions.models import Kind
from fulfillment.findings.release.numbers import OWN_NUMBER, OWN_NUMBER_MARK


def marks_in(language: str) -> Callable[[str], str]:
    """The marks in a language, by the kind of what was covered."""
    with translation.override(language):
        words = {
            Kind.EMAIL.value: _("another person's e-mail address"),
            Kind.PHONE.value: _("another person's phone number"),
            Kind.IBAN.value: _("another person's bank account"),
            Kind.NAME.value: _("another person's name"),
            Kind.IDENTITY.value: _("another person's account"),
        }
        other = _("covered")
    return lambda kind: OWN_NUMBER_MARK if kind == OWN_NUMBER else f"[{words.get(kind, other)}]"


def kind_in_words(kind: str) -> str:
    """What was covered, for the list of what was left out, in the language in force."""
    return {
        Kind.EMAIL.value: _("e-mail addresses of other people"),
        Kind.PHONE.value: _("phone numbers of other people"),
        Kind.IBAN.value: _("bank accounts of other people"),
        Kind.NAME.value: _("names of other people"),
        Kind.IDENTITY.value: _("account numbers of other people"),
        OWN_NUMBER: _("your account and card numbers"),
    }.get(kind, _("words"))
