"""Alive and ready answers for containers and for the supervisor."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from omne_dsar import readiness
from requests_app.accounts.permissions import open_to_all

# A day that a law counts from begins by the clock of the machine that takes the request.
MOST_SECONDS_OFF = 60


@open_to_all
@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Say that this process answers, whatever the servers behind it do."""
    return JsonResponse({"status": "alive"})


@open_to_all
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether the database is up to date and takes what is written, and this machine's clock can be relied on.

    The broker, the file store and the workers may be away, and are named: requests are accepted without them.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp(), current_setting('transaction_read_only')")
            theirs, read_only = cursor.fetchone()
    except DatabaseError:
        return _waiting("The database does not answer.")
    if read_only == "on":
        return _waiting("The database takes nothing at present: it is read-only.")
    if abs((timezone.now() - theirs).total_seconds()) > MOST_SECONDS_OFF:
        return _waiting("The clock of this machine differs from the database's by more than a minute.")
    if not readiness.is_migrated():
        return _waiting("The database is older than this program: run migrate.")
    return JsonResponse({"status": "ready", **readiness.parts()})


def _waiting(reason: str) -> JsonResponse:
    return JsonResponse({"status": "waiting", "reason": reason}, status=503)
