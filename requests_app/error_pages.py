"""The pages for what went wrong on the way: what happened, what to do, and how to reach us."""

import sys

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg.errors import ReadOnlySqlTransaction

from requests_app.accounts.permissions import open_to_all
from requests_app.policy.company import COMPANY


@open_to_all
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent cannot be read; too much of it has a status and a sentence of its own."""
    if isinstance(exception, RequestDataTooBig):
        return _page(
            request, 413, _("What you sent is too long. Shorten your text to a few pages, then send again.")
        )
    if isinstance(exception, TooManyFilesSent):
        return _page(request, 400, _("This page takes no files. Go back and send the form without one."))
    if isinstance(exception, TooManyFieldsSent):
        return _page(request, 400, _("The form was sent with more fields than it has. Load the page again."))
    return _page(
        request,
        400,
        _("Your browser sent something we cannot read. Load the page again, then try once more."),
    )


@open_to_all
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The visitor may not see this; the refusal's own sentence when it has one."""
    said = str(exception) if isinstance(exception, PermissionDenied) else ""
    return _page(request, 403, said or _("You may not see this page."))


@open_to_all
def form_outdated(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or the browser keeps no cookies."""
    sentence = _(
        "This form was open too long, or your browser refuses our cookie. Load the page again, then send it."
    )
    return _page(request, 403, sentence)


@open_to_all
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page."""
    return _page(request, 404, _("There is no page at this address. If you typed it, check it for slips."))


@open_to_all
def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A limit was reached; other ways stay open."""
    return _page(
        request, 429, _("That was too often in a short time. Please wait, or reach us in another way.")
    )


@open_to_all
def broken(request: HttpRequest) -> HttpResponse:
    """Our own fault; drawn without anything that may be what broke."""
    sentence = _(
        "Something broke on our side. Nothing you sent before is lost. Please try again in a few minutes."
    )
    # Without the request: its session may be what is broken.
    page = render_to_string("errors/500.html", {"company": COMPANY, "sentence": sentence})
    if _database_is_to_blame(sys.exception()):
        # It is away, restarting, full or read-only: programs that called may come back.
        return HttpResponse(page, status=503, headers={"Retry-After": "30"})
    return HttpResponse(page, status=500)


def _database_is_to_blame(error: BaseException | None) -> bool:
    if isinstance(error, InternalError):
        return isinstance(error.__cause__, ReadOnlySqlTransaction)
    return isinstance(error, OperationalError | InterfaceError)


def _page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return render(
        request, f"errors/{400 if status == 413 else status}.html", {"sentence": sentence}, status=status
    )
