"""The door of callbacks: a system that was asked something says what it found, or what it did."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fulfillment.callbacks.take import Callback, take_callback
from requests_app.accounts.permissions import for_machine
from requests_app.errors import DomainError


@csrf_exempt
@for_machine
@require_POST
def take(request: HttpRequest, order: str) -> JsonResponse:
    """Take a signed answer to an order; its body is read in parts and never held whole."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    callback = Callback(order, headers, request.content_type or "", request.read)
    try:
        state = take_callback(callback, at=timezone.now())
    except DomainError as refused:
        return JsonResponse({"code": refused.code, "message": refused.sentence}, status=refused.status)
    return JsonResponse({"state": state})
