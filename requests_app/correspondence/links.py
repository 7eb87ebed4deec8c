"""The addresses that mails carry: absolute, on our own host, without personal data."""

from django.conf import settings
from django.urls import reverse


def confirm_link(token: str) -> str:
    """The page on which the person confirms with one button."""
    return settings.PUBLIC_URL + reverse("portal:confirm", args=[token])


def portal_link() -> str:
    """The page on which reference and code are entered."""
    return settings.PUBLIC_URL + reverse("portal:enter")


def case_link(reference: str) -> str:
    """The page of a case, for its staff."""
    return settings.PUBLIC_URL + reverse("review:case", args=[reference])


def cancel_link(token: str) -> str:
    """The page on which a deletion that waits is stopped with one button."""
    return settings.PUBLIC_URL + reverse("portal:cancel-deletion", args=[token])


def objection_link(token: str) -> str:
    """The page on which a young person objects to what a guardian asked for."""
    return settings.PUBLIC_URL + reverse("portal:object", args=[token])
