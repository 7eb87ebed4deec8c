"""The doors of an owner: the link, the code, what is handed in, the answer; and asking somebody else."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.connectors.asking import Held
from fulfillment.connectors.handed import HandedRefused
from fulfillment.owners.answer import answer_task
from fulfillment.owners.codes import note_opening, send_owner_code, use_owner_code
from fulfillment.owners.errors import OwnerLinkExpired, OwnerLinkNotValid, OwnerTaskEnded
from fulfillment.owners.forms import AnswerForm, OwnerCodeForm, PaperForm, ReassignForm, RecordsForm
from fulfillment.owners.hand_in import hand_in_document, hand_in_records, take_back
from fulfillment.owners.link import open_task_behind, task_behind
from fulfillment.owners.models import OwnerTask, Purpose
from fulfillment.owners.reassign import reassign_task, send_new_link
from fulfillment.owners.selectors import why_not_reached
from fulfillment.owners.sessions import is_signed_in_owner, leave_session, open_session, opened_task
from requests_app.accounts.permissions import (
    for_owner_session,
    for_staff_who_may,
    open_to_all,
    staff_member,
)
from requests_app.audit.actors import Actor
from requests_app.components.forms import PlainForm
from requests_app.components.masking import masked_address
from requests_app.errors import DomainError
from requests_app.policy.company import COMPANY
from requests_app.review.case import case_context, case_or_404
from requests_app.review.tell import submit
from requests_app.roles import Permission

OwnerView = Callable[..., HttpResponse]
# The tab of a case that waits for whoever was asked.
BACK_TO = {"sources": "runs:sources", "changes": "changes:changes"}


def for_opened_task(view: OwnerView) -> OwnerView:
    """Hand a view the task that this session has opened; when it has closed or ended, say so."""

    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, **named: Any) -> HttpResponse:
        now = timezone.now()
        task = opened_task(request, at=now)
        if task is None:
            return render(request, "owners/closed.html", status=410)
        with timezone.override(COMPANY.zone):
            return view(request, task, now, **named)

    return opened


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: looking at it changes nothing; the mailed code, or being signed in, opens the task."""
    now = timezone.now()
    try:
        task = task_behind(token, at=now)
    except (OwnerLinkExpired, OwnerLinkNotValid, OwnerTaskEnded) as refusal:
        context = {"refusal": refusal, "token": token, "is_expired": isinstance(refusal, OwnerLinkExpired)}
        return render(request, "owners/refused.html", context, status=refusal.status)
    known = is_signed_in_owner(request, task)
    if request.method != "POST":
        return _door(request, task, token, OwnerCodeForm(), known=known)
    if known:
        note_opening(task, at=now)
        return _opened(request, task, now)
    form = OwnerCodeForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            return _opened(
                request, use_owner_code(task_id=task.pk, code=form.cleaned_data["code"], at=now), now
            )
        except DomainError as refused:
            form.add_error("code", refused.sentence)
            status = refused.status
    return _door(request, task, token, form, known=known, status=status)


@open_to_all
@never_cache
@require_POST
def send_code(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a code to whoever was asked; what is shown is the same however many there were."""
    try:
        task = task_behind(token, at=timezone.now())
    except DomainError:
        return redirect("owners:door", token)
    send_owner_code(task_id=task.pk, at=timezone.now())
    messages.success(request, _("A code is on its way. It works for 30 minutes."))
    return redirect("owners:door", token)


@open_to_all
@never_cache
@require_POST
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a fresh link to the address on file; the page says the same in every case."""
    try:
        send_new_link(task_id=open_task_behind(token).pk, at=timezone.now())
    except DomainError:
        return render(request, "owners/link_sent.html")
    return render(request, "owners/link_sent.html")


@for_owner_session
@require_safe
@for_opened_task
def task(request: HttpRequest, task: OwnerTask, _now: datetime) -> HttpResponse:
    """Show whom to look for and what was handed in; a change has a page of its own."""
    if task.purpose == Purpose.CHANGE:
        return redirect("owner_changes:change")
    return _page(request, task)


@for_owner_session
@require_POST
@for_opened_task
def records(request: HttpRequest, task: OwnerTask, now: datetime) -> HttpResponse:
    """Take a file of records."""
    form = RecordsForm(task.map_version.data_map, request.POST, request.FILES)
    return _handed_in(
        request,
        task,
        form,
        "records",
        lambda said: hand_in_records(
            task_id=task.pk, collection=said["collection"], content=said["file"], at=now
        ),
    )


@for_owner_session
@require_POST
@for_opened_task
def paper(request: HttpRequest, task: OwnerTask, now: datetime) -> HttpResponse:
    """Take a document."""
    form = PaperForm(task.map_version.data_map, request.POST, request.FILES)
    return _handed_in(
        request,
        task,
        form,
        "paper",
        lambda said: hand_in_document(
            task_id=task.pk, collection=said["collection"], label=said["label"], file=said["paper"], at=now
        ),
    )


@for_owner_session
@require_POST
@for_opened_task
def remove(request: HttpRequest, task: OwnerTask, _now: datetime, upload_id: UUID) -> HttpResponse:
    """Take something back that was handed in."""
    try:
        take_back(task_id=task.pk, upload_id=upload_id)
    except DomainError as refused:
        messages.error(request, refused.sentence, extra_tags="bad")
    else:
        messages.success(request, _("Taken back and deleted."))
    return redirect("owners:task")


@for_owner_session
@require_POST
@for_opened_task
def answer(request: HttpRequest, task: OwnerTask, now: datetime) -> HttpResponse:
    """Take down the answer, which ends the task."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, task, status=422, answer=form)
    said = form.cleaned_data
    try:
        answer_task(task_id=task.pk, held=Held(said["held"]), note=said["note"], at=now)
    except DomainError as refused:
        form.add_error("held", refused.sentence)
        return _page(request, task, status=refused.status, answer=form)
    return redirect("owners:task")


@open_to_all
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the task on this computer at once."""
    leave_session(request)
    return render(request, "owners/closed.html")


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def reassign(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Ask somebody else for a source."""
    subject_request = case_or_404(reference)
    found = OwnerTask.objects.select_related("source").filter(pk=task_id, subject_request=subject_request)
    asked = found.first()
    if asked is None:
        raise Http404("There is no such task.")
    not_reached = why_not_reached(asked)
    # An address that nobody reads is mended, not typed anew.
    known = {"name": asked.owner_name, "address": asked.owner_address} if not_reached else None
    form = ReassignForm(request.POST if request.method == "POST" else None, initial=known)
    tab = "changes" if asked.purpose == Purpose.CHANGE else "sources"
    by = Actor.staff(staff_member(request))
    status = submit(
        request,
        form,
        lambda: reassign_task(task_id=asked.pk, **form.cleaned_data, by=by, at=timezone.now()),
        _("The link is on its way to them."),
    )
    if status is None:
        return redirect(BACK_TO[tab], reference)
    context = case_context(
        request,
        subject_request,
        tab=tab,
        asked=asked,
        form=form,
        not_reached=not_reached,
        back_to=reverse(BACK_TO[tab], args=[reference]),
    )
    return render(request, "owners/reassign.html", context, status=status)


def _opened(request: HttpRequest, task: OwnerTask, now: datetime) -> HttpResponse:
    open_session(request, task, at=now)
    return redirect("owners:task")


def _door(
    request: HttpRequest,
    task: OwnerTask,
    token: str,
    form: OwnerCodeForm,
    *,
    known: bool,
    status: int = 200,
) -> HttpResponse:
    context = {
        "task": task,
        "token": token,
        "form": form,
        "known": known,
        "address": masked_address(task.owner_address),
    }
    return render(request, "owners/door.html", context, status=status)


def _handed_in(
    request: HttpRequest,
    task: OwnerTask,
    form: PlainForm,
    name: str,
    hand_in: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            hand_in(form.cleaned_data)
        except DomainError as refused:
            said = refused.sentences if isinstance(refused, HandedRefused) else (refused.sentence,)
            form.add_error("file" if name == "records" else "paper", list(said))
            status = refused.status
        else:
            messages.success(request, _("Handed in."))
            return redirect("owners:task")
    return _page(request, task, status=status, **{name: form})


def _page(request: HttpRequest, task: OwnerTask, *, status: int = 200, **forms: PlainForm) -> HttpResponse:
    if not task.is_open:
        return render(request, "owners/done.html", {"task": task})
    data_map = task.map_version.data_map
    labels = {each.name: each.label for each in data_map.collections}
    context = {
        "task": task,
        "kinds": data_map.collections,
        "identities": [(each.kind.replace("_", " ").capitalize(), each.value) for each in task.identities],
        "uploads": [(each, labels.get(each.collection, each.collection)) for each in task.uploads.all()],
        "records": RecordsForm(data_map),
        "paper": PaperForm(data_map),
        "answer": AnswerForm(),
        "refused": next((each for each in forms.values() if each.errors), None),
        **forms,
    }
    return render(request, "owners/task.html", context, status=status)
