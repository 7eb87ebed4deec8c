"""Where a person may live: every country of ISO 3166-1, and the parts of those whose laws differ inside."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries import countries

STATES_OF_US = (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|"
    "DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|"
    "KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|"
    "MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|"
    "NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|"
    "PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|"
    "VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming"
)
PROVINCES_OF_CANADA = (
    "AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|"
    "NT Northwest Territories|NS Nova Scotia|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|"
    "SK Saskatchewan|YT Yukon"
)


def _parts(country: str, listing: str) -> dict[str, str]:
    return {f"{country}-{entry[:2]}": entry[3:] for entry in listing.split("|")}


REGIONS: dict[str, dict[str, str]] = {
    "US": _parts("US", STATES_OF_US),
    "CA": _parts("CA", PROVINCES_OF_CANADA),
}
# For the person who asks, and for somebody who asks for them.
REGION_QUESTIONS: dict[str, tuple[Promise, Promise]] = {
    "US": (_("Which state do you live in?"), _("Which state do they live in?")),
    "CA": (
        _("Which province or territory do you live in?"),
        _("Which province or territory do they live in?"),
    ),
}


def country_choices() -> list[tuple[str, str]]:
    """Every country with its name in the present language, in that language's order."""
    return [(code, str(name)) for code, name in countries]


def place_name(place: str) -> str:
    """The name of a country or of a part of one, as a person writes it."""
    country, _separator, part = place.partition("-")
    name = str(countries.name(country) or place)
    return f"{REGIONS[country][place]}, {name}" if part and place in REGIONS.get(country, {}) else name


def place_of(answers: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The ISO 3166 code of where the person lives, or None when they would rather not say."""
    country = answers.get("where", {}).get("place", "")
    region = answers.get("region", {}).get("place", "")
    return (region if region in REGIONS.get(country, {}) else country) or None
