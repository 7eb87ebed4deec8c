"""The gallery's one view."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from requests_app.accounts.permissions import for_any_staff, open_to_all
from requests_app.gallery.samples import samples

for_builders = open_to_all if settings.DEBUG else for_any_staff


@for_builders
def show_parts(request: HttpRequest) -> HttpResponse:
    """Every part in every state."""
    return render(request, "gallery/index.html", samples())
