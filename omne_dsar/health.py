"""Alive and ready answers for containers and for the supervisor."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from requests_app.accounts.permissions import open_to_all


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
    """Say whether the database answers; the broker may be down: requests are accepted without it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "waiting", "reason": "The database does not answer."}, status=503)
    return JsonResponse({"status": "ready"})
