"""Do what a button or a form asks, and say how it went: on the next page, or beside the form."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
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


def submit(request: HttpRequest, form: BaseForm, act: Callable[[], object], done: str) -> int | None:
    """Call `act` with a filled form that was sent. None when it is done, which the person reads on the next page.

    Otherwise the status to show the form with: 200 before it is sent, 422 with what is wrong in it, or that of the
    refusal, whose sentence then stands above it. Other errors are raised.
    """
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return 422
    try:
        act()
    except DomainError as refused:
        form.add_error(None, refused.sentence)
        return refused.status
    messages.success(request, done)
    return None
