"""How several things stand beside each other in a sentence."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(things: Iterable[object]) -> str:
    """The things with the sign between them that the reader's language uses: a comma, `،` or `、`."""
    return pgettext("between two things of a list", ", ").join(str(each) for each in things)
