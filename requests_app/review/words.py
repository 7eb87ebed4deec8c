"""Short words for what a case is: its region, its right, whose turn it is, and who a member of staff is."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.timesince import timesince
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django_countries import countries

from requests_app.accounts.models import StaffMember
from requests_app.jurisdictions.load import UnknownRegime, jurisdiction
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import Turn

TURN_ICONS: dict[Turn, str] = {
    Turn.US: "ring-now",
    Turn.PERSON: "user",
    Turn.SOURCES: "database",
    Turn.APPROVER: "users",
    Turn.NOBODY: "ring-done",
}
AVATARS = ("", "avatar-2", "avatar-3")


def regime_name(key: str) -> str:
    """Return a law's short name without its article, or its key when the law file is gone."""
    try:
        return jurisdiction(key).short_name.removeprefix("the ")
    except UnknownRegime:
        return key


def country_name(place: str) -> str:
    """Return the country of a place in words, or that it was not given."""
    return countries.name(place[:2]) or _("Not given") if place else _("Not given")


def language_name(code: str) -> str:
    """Return a language in its own words, or its code when nobody here knows it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def turn_icon(subject_request: SubjectRequest) -> str:
    """Return the icon that says whose turn it is, always drawn beside the word."""
    return TURN_ICONS[subject_request.state_facts.turn]


def avatar_class(member: StaffMember) -> str:
    """Return the tint of a person's round badge, always the same for one person."""
    return AVATARS[member.pk.int % len(AVATARS)]


def staff_names(keys: Iterable[str]) -> dict[str, str]:
    """Return the names behind the keys of staff actors, in one question."""
    found = StaffMember.objects.in_bulk([key for key in set(keys) if _is_uuid(key)])
    return {str(pk): member.display_name for pk, member in found.items()}


def _is_uuid(key: str) -> bool:
    return len(key) == 36 and key.count("-") == 4


def ago(moment: datetime, *, now: datetime) -> str:
    """Return how long ago something was, in its largest unit only."""
    past = timesince(moment, now, depth=1)
    return _("now") if past.startswith("0") else _("%(past)s ago") % {"past": past}
