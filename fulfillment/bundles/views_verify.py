"""Where anybody checks a copy, in a browser or with a program, and finds the keys for it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fulfillment.bundles.verify_page import NAME, as_json, offline_page, spoken
from requests_app.accounts.permissions import open_to_all
from requests_app.encryption.signing import published_keys, published_pem


@open_to_all
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The page whose script checks a copy without sending it."""
    keys = published_keys()
    return render(request, "bundles/verify.html", {"published": keys, "keys": spoken(keys)})


@open_to_all
@require_safe
def verify_offline(request: HttpRequest) -> HttpResponse:
    """The same as one file with our keys in it, to be saved."""
    response = HttpResponse(offline_page(keys=published_keys()))
    response["Content-Disposition"] = f'attachment; filename="{NAME}"'
    return response


@open_to_all
@require_safe
def signing_keys(request: HttpRequest) -> JsonResponse:
    """Every key that our copies are signed with, as a JSON Web Key Set."""
    return JsonResponse(as_json(published_keys()))


@open_to_all
@require_safe
def public_key(request: HttpRequest) -> HttpResponse:
    """The same as a PEM file, the key that signs now first."""
    return HttpResponse(published_pem(), content_type="application/x-pem-file")
