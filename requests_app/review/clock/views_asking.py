"""The doors for a question: put it to the person, take the answer, go on without one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.deadlines.events import Topic
from requests_app.decisions.ask import (
    Asking,
    answer_question,
    ask_person,
    effect_on,
    go_on_without_answer,
    open_question,
    record_fee_paid,
)
from requests_app.decisions.errors import NothingAsked
from requests_app.errors import DomainError
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.errors import CaseChangedMeanwhile
from requests_app.lifecycle.models import SubjectRequest
from requests_app.review.case import case_context, case_or_404
from requests_app.review.clock.forms import AnswerForm, AskForm, GoOnForm
from requests_app.review.clock.story import TOPICS
from requests_app.review.conflict import conflict_page
from requests_app.roles import Permission

POSTS = ["GET", "HEAD", "POST"]


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(POSTS)
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Say beforehand what a question does to the clock, and ask it."""
    subject_request = case_or_404(reference)
    fees = jurisdiction(subject_request.regime).fees
    posted = request.POST if request.method == "POST" else None
    first = {"version": subject_request.version, "topic": Topic.CLARIFICATION.value}
    needs_reason = effect_on(subject_request, Topic.CLARIFICATION).only_with_reason
    form = AskForm(posted, may_charge=fees.may_charge, needs_reason=needs_reason, initial=first)
    status = 422 if posted is not None else 200
    if posted is not None and form.is_valid():
        try:
            _ask(request, subject_request, form)
        except CaseChangedMeanwhile as changed:
            return conflict_page(request, subject_request, changed)
        except DomainError as refused:
            form.add_error(None, refused.sentence)
            status = refused.status
        else:
            messages.success(request, _("The person is asked by mail."))
            return redirect("review:case", reference=subject_request.reference)
    topics = (Topic.CLARIFICATION, Topic.FEE) if fees.may_charge else (Topic.CLARIFICATION,)
    effects = [(TOPICS[topic], effect_on(subject_request, topic)) for topic in topics]
    context = case_context(request, subject_request, tab="overview", form=form, effects=effects, fees=fees)
    return render(request, "clock/ask.html", context, status=status)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(POSTS)
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Enter an answer that came another way, record that a fee is there, or go on without."""
    subject_request = case_or_404(reference)
    try:
        asked = open_question(subject_request)
    except NothingAsked:
        return redirect("review:case", reference=subject_request.reference)
    act = request.POST.get("act", "")
    forms = {
        "answer": AnswerForm(request.POST if act == "answer" else None),
        "go_on": GoOnForm(request.POST if act == "go_on" else None),
    }
    form = forms.get(act)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _take(request, subject_request, act=act, given=form.cleaned_data if form else {})
        except DomainError as refused:
            if form is None:
                messages.error(request, refused.sentence)
            else:
                form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("The request goes on."))
            return redirect("review:case", reference=subject_request.reference)
    context = case_context(
        request,
        subject_request,
        tab="overview",
        asked=asked,
        forms=forms,
        effect=effect_on(subject_request, Topic(asked.topic)),
    )
    return render(request, "clock/answer.html", context, status=422 if request.method == "POST" else 200)


def _ask(request: HttpRequest, subject_request: SubjectRequest, form: AskForm) -> None:
    topic = form.topic_chosen
    is_fee = topic is Topic.FEE
    ask_person(
        subject_request_id=subject_request.pk,
        asking=Asking(
            topic,
            form.cleaned_data["words"],
            form.cleaned_data.get("amount") if is_fee else None,
            form.cleaned_data.get("currency", "") if is_fee else "",
            "" if is_fee else form.cleaned_data.get("clock_reason", ""),
        ),
        by=Actor.staff(staff_member(request)),
        at=timezone.now(),
        expected_version=form.cleaned_data["version"],
    )


def _take(request: HttpRequest, subject_request: SubjectRequest, *, act: str, given: dict[str, Any]) -> None:
    key, by, now = subject_request.pk, Actor.staff(staff_member(request)), timezone.now()
    if act == "answer":
        answer_question(subject_request_id=key, answer=given["answer"], by=by, at=now)
    elif act == "paid":
        record_fee_paid(subject_request_id=key, by=by, at=now)
    elif act == "go_on":
        go_on_without_answer(subject_request_id=key, reason=given["reason"], by=by, at=now)
    else:
        raise NothingAsked(_("Choose what has happened."))
