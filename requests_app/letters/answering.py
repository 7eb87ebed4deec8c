"""A letter as the answer of a page: a file to save, kept by no cache, its address told to nobody."""

from django.http import Http404, HttpRequest, HttpResponse

from requests_app.letters.fetch import TakenOut
from requests_app.letters.models import LetterForm


def wanted_form(request: HttpRequest) -> LetterForm:
    """The form that a button named; answers that there is no page for any other."""
    try:
        return LetterForm(request.POST.get("form", ""))
    except ValueError:
        raise Http404 from None


def as_download(taken: TakenOut) -> HttpResponse:
    """The answer that hands a letter out."""
    response = HttpResponse(taken.content, content_type=taken.media_type)
    response["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    response["Content-Length"] = str(len(taken.content))
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response
