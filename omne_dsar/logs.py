"""Structured logs that carry a request id and no personal data."""

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_NO_REQUEST = "-"
_WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
_request_id: ContextVar[str] = ContextVar("request_id", default=_NO_REQUEST)


class RequestIdMiddleware:
    """Give every request an id, kept from a proxy where it is well formed, and return it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its id in the logs and in the header."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        token = _request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            _request_id.reset(token)
        response["X-Request-ID"] = request_id
        return response


class RequestIdFilter(logging.Filter):
    """Put the id of the request at hand on each log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mark the record; none is dropped."""
        record.request_id = _request_id.get()
        return True


def current_request_id() -> str:
    """Return the id of the request at hand."""
    return _request_id.get()


def carry_request_id(request_id: str | None) -> None:
    """Let what follows be logged under this id."""
    _request_id.set(request_id or _NO_REQUEST)


def configuration(*, level: str, as_json: bool) -> dict[str, object]:
    """Return the logging configuration: JSON lines for machines, or short lines for a person."""
    fields = "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "omne_dsar.logs.RequestIdFilter"}},
        "formatters": {
            "json": {"()": "pythonjsonlogger.json.JsonFormatter", "format": fields},
            "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
        },
        "handlers": {
            "stream": {
                "class": "logging.StreamHandler",
                "filters": ["request_id"],
                "formatter": "json" if as_json else "plain",
            }
        },
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # Its lines repeat addresses with their query, and those belong to people.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            # Of aiosmtpd: every line that a mail server says, addresses among them.
            "mail.log": {"level": "CRITICAL"},
            "mail.debug": {"level": "CRITICAL"},
            # The rows say what was done; a line for every poke of a sweep hides what matters.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.worker.request": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
