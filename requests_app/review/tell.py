"""Do what a button asks, and say on the next page how it went."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from requests_app.errors import DomainError


def tell(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    """Call `act`; the person reads `done`, or the sentence of its refusal. Other errors are raised."""
    try:
        act()
    except DomainError as refused:
        messages.error(request, refused.sentence, extra_tags="bad")
    else:
        messages.success(request, done)
