"""The public form: a question a page, the check page, the page after sending, and the pages that explain."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_from_request
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from requests_app.accounts.permissions import open_to_all
from requests_app.errors import DomainError
from requests_app.intake import drafts
from requests_app.intake.models import Draft
from requests_app.intake.web.calendar_file import calendar_file
from requests_app.intake.web.flow import QUESTIONS, Flow, Question
from requests_app.intake.web.receipt import receipt_of
from requests_app.intake.web.sending import (
    answer_dates,
    person_rows,
    request_rows,
    submit_answers,
)
from requests_app.lifecycle.models import Submission

DRAFT_KEY = "draft"


@open_to_all
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What one can ask for, and the way in."""
    return render(request, "intake/start.html")


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: str) -> HttpResponse:
    """One question: shown, or answered and kept."""
    draft = _draft(request)
    flow = _flow(draft)
    asked = flow.question(key)
    if asked is None and key not in {each.key for each in QUESTIONS}:
        raise Http404
    if asked is None or not flow.may_see(asked):
        lost = request.method == "POST" and (draft is None or asked is not None)
        return _start_again(request) if lost else redirect(flow.next_url)
    if request.method != "POST":
        form = flow.form(asked)
        form.initial.setdefault("language", get_language_from_request(request))
        return _draw(request, flow, asked, form)
    form = flow.form(asked, request.POST)
    if not form.is_valid():
        # A form that comes back unbound was not refused: it has only grown by a row.
        return _draw(request, flow, asked, form, status=422 if form.is_bound else 200)
    return redirect(_keep(request, asked, form.cleaned_data))


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The answers once more; sending makes one request, however often the button is pressed."""
    draft = _draft(request)
    if request.method == "POST":
        return _send(request, draft)
    if draft and draft.submission:
        return redirect("intake:sent")
    flow = _flow(draft)
    if flow.first_open:
        return redirect(flow.next_url)
    return render(request, "intake/check.html", _check_context(flow))


@open_to_all
@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Reference, dates and what comes next; the same when it is opened again in this session."""
    draft = _draft(request)
    if draft is None or draft.submission is None:
        return render(request, "intake/sent_gone.html")
    return render(request, "intake/sent.html", {"receipt": receipt_of(draft.submission)})


@open_to_all
@never_cache
@require_safe
def sent_calendar(request: HttpRequest) -> HttpResponse:
    """The reply-by dates for the person's calendar."""
    draft = _draft(request)
    if draft is None or draft.submission is None:
        raise Http404
    receipt = receipt_of(draft.submission)
    response = HttpResponse(
        calendar_file(receipt, at=timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{receipt.first.reference}.ics"'
    return response


@open_to_all
@require_safe
def another_way(request: HttpRequest) -> HttpResponse:
    """How to ask for what no choice of the form says."""
    return render(request, "intake/another_way.html")


@open_to_all
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """What the privacy policy promises, from the facts the product works by."""
    return render(request, "intake/policy.html")


@open_to_all
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How these pages can be used, and what to do when they cannot."""
    return render(request, "intake/accessibility.html")


@open_to_all
@require_safe
def identity(request: HttpRequest) -> HttpResponse:
    """How we make sure that information goes to the right person."""
    return render(request, "intake/identity.html")


def _draft(request: HttpRequest) -> Draft | None:
    return drafts.find_draft(draft_id=request.session.get(DRAFT_KEY), at=timezone.now())


def _flow(draft: Draft | None) -> Flow:
    return Flow(draft.answers if draft else {}, on=timezone.localdate())


def _keep(request: HttpRequest, asked: Question, answers: Mapping[str, Any]) -> str:
    draft = drafts.keep_answers(draft=_draft(request), question=asked.key, answers=answers, at=timezone.now())
    request.session[DRAFT_KEY] = str(draft.pk)
    return _flow(draft).next_url


def _send(request: HttpRequest, draft: Draft | None) -> HttpResponse:
    if draft is None:
        return _start_again(request)
    flow = _flow(draft)
    if draft.submission is None and flow.first_open:
        return redirect(flow.next_url)
    try:
        drafts.send_draft(draft_id=UUID(str(draft.pk)), submit=_submit)
    except DomainError as refusal:
        context = _check_context(flow) | {"refusal": refusal.sentence}
        return render(request, "intake/check.html", context, status=refusal.status)
    return redirect("intake:sent")


def _submit(answers: Mapping[str, Any]) -> Submission:
    return submit_answers(answers, at=timezone.now())


def _start_again(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/answers_gone.html", status=410)


def _check_context(flow: Flow) -> dict[str, Any]:
    return {
        "rail": flow.rail(None),
        "back_url": flow.back_url(None),
        "request_rows": request_rows(flow),
        "person_rows": person_rows(flow),
        "answer_dates": answer_dates(flow, at=timezone.now()),
    }


def _draw(request: HttpRequest, flow: Flow, asked: Question, form: Any, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "rail": flow.rail(asked),
        "back_url": flow.back_url(asked),
        "question": asked,
    }
    templates = [f"intake/{asked.key}.html", "intake/question.html"]
    return render(request, templates, context, status=status)
