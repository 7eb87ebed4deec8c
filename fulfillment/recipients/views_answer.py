"""The doors behind a recipient's link: a page for a person, and the same for a system. Looking changes nothing."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.recipients.answer import answer_by_token, look_at_answer_link
from fulfillment.recipients.errors import AlreadyAnswered, AnswerLinkNotValid
from fulfillment.recipients.forms import AnswerForm
from fulfillment.recipients.models import RecipientNotice
from fulfillment.recipients.shown import WHAT
from requests_app.accounts.permissions import for_machine, open_to_all
from requests_app.errors import BadInput, DomainError

MOST_BYTES = 20_000


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Ask a recipient how it stands, and keep what it says. The page names nobody."""
    try:
        notice = look_at_answer_link(token=token)
    except AnswerLinkNotValid as refusal:
        return render(request, "recipients/link_refused.html", {"refusal": refusal}, status=refusal.status)
    with translation.override(notice.recipient.language if notice.recipient else None):
        return _asked(request, token, notice)


@csrf_exempt
@for_machine
@never_cache
@require_POST
def answer_by_system(request: HttpRequest, token: str) -> JsonResponse:
    """Take the same answer as JSON: {"answer": "done" | "not_held" | "cannot", "why": "…"}. The link is the proof."""
    try:
        said = _said(request)
        kept = answer_by_token(
            token=token, ending=said.get("answer", ""), why=said.get("why", ""), at=timezone.now()
        )
    except DomainError as refused:
        return JsonResponse({"code": refused.code, "message": refused.sentence}, status=refused.status)
    return JsonResponse({"answer": kept.ending})


def _asked(request: HttpRequest, token: str, notice: RecipientNotice) -> HttpResponse:
    form = AnswerForm(request.POST if request.method == "POST" else None)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            answer_by_token(token=token, ending=said["ending"], why=said["why"], at=timezone.now())
            return render(request, "recipients/answered.html")
        except AlreadyAnswered as refused:
            refusal = refused
    if refusal is not None or (notice.is_ended and request.method != "POST"):
        status = refusal.status if refusal else 200
        return render(request, "recipients/answered.html", {"refusal": refusal}, status=status)
    context = {
        "form": form,
        "what": WHAT.get(notice.kind, ""),
        "concerns": dict.fromkeys(label for _place, label in notice.places),
        "written_at": notice.written_at,
    }
    return render(request, "recipients/answer.html", context, status=422 if form.errors else 200)


def _said(request: HttpRequest) -> dict[str, str]:
    if len(request.headers.get("Content-Length", "")) > len(str(MOST_BYTES)):
        raise BadInput("The answer is too long.")
    try:
        said: Any = json.loads(request.body[: MOST_BYTES + 1])
    except (ValueError, RecursionError, RawPostDataException):
        raise BadInput("The answer is not JSON.") from None
    if not isinstance(said, dict) or not all(isinstance(each, str) for each in said.values()):
        raise BadInput("The answer is an object of texts.")
    return {"answer": said.get("answer", ""), "why": said.get("why", "")[:2000]}
