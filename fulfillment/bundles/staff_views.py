"""The approver's page, with the button that lets the copy go; and the page of a copy that could not be built."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fulfillment.bundles.differences import going_by_source, left_in, since_the_last
from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.bundles.release import release_bundle
from fulfillment.bundles.selectors import troubled_bundle
from fulfillment.bundles.staff_forms import ReleaseForm
from fulfillment.bundles.start import retry_bundle
from fulfillment.findings.forms import reason_in_words, reasons_for
from fulfillment.findings.selectors import SourceFindings, findings_of
from fulfillment.findings.suggestions.answered import others_answered
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.errors import CaseChangedMeanwhile
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.lifecycle.proof import demanded
from requests_app.lifecycle.selectors import moves_available_to
from requests_app.review.case import case_context, case_or_404
from requests_app.review.conflict import conflict_page
from requests_app.review.tell import tell
from requests_app.roles import Permission


@dataclass(frozen=True)
class SourceCount:
    """How much of one source goes out, and how much stays."""

    label: str
    collections: int
    going: int
    staying: int


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what would go out, and let a second person release it."""
    subject_request = case_or_404(reference)
    bundle = Bundle.objects.filter(subject_request=subject_request).order_by("-number").first()
    if request.method != "POST":
        form = ReleaseForm(initial={"version": subject_request.version})
        return _show(request, subject_request, bundle, form)
    form = ReleaseForm(request.POST)
    if bundle is None or not form.is_valid():
        return _show(request, subject_request, bundle, form, status=422)
    try:
        release_bundle(
            bundle_id=bundle.pk,
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
            expected_version=form.cleaned_data["version"],
        )
    except CaseChangedMeanwhile as changed:
        return conflict_page(request, subject_request, changed)
    except DomainError as refused:
        form.add_error(None, refused.sentence)
        return _show(request, subject_request, bundle, form, status=refused.status)
    messages.success(request, _("The copy is released. The person is told by mail."))
    return redirect("review:case", subject_request.reference)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def copy_trouble(request: HttpRequest, reference: str) -> HttpResponse:
    """Show why the copy could not be put together, and let staff have it tried again."""
    subject_request = case_or_404(reference)
    bundle = troubled_bundle(subject_request)
    if request.method == "POST" and bundle is not None:
        tell(
            request,
            lambda: retry_bundle(
                bundle_id=bundle.pk, by=Actor.staff(staff_member(request)), at=timezone.now()
            ),
            _("The copy is put together once more."),
        )
        return redirect("review:case", reference)
    if bundle is None:
        raise Http404("No copy of this request is in trouble.")
    has_failed = bundle.state == BundleState.FAILED
    context = case_context(request, subject_request, tab="overview", bundle=bundle, has_failed=has_failed)
    return render(request, "bundles/trouble.html", context)


def _show(
    request: HttpRequest,
    subject_request: SubjectRequest,
    bundle: Bundle | None,
    form: ReleaseForm,
    *,
    status: int = 200,
) -> HttpResponse:
    found = findings_of(subject_request)
    labels = {
        (part.task.source.key, each.collection.name): f"{part.task.source.label}: {each.collection.label}"
        for part in found
        for each in part.findings
    }
    actor = Actor.staff(staff_member(request))
    allowed = [each for each in moves_available_to(subject_request, actor) if each.move is Move.RELEASE]
    needed = demanded(subject_request)
    context = case_context(
        request,
        subject_request,
        tab="overview",
        bundle=bundle,
        form=form,
        facts=FACTS[Move.RELEASE],
        release=allowed[0] if allowed else None,
        sources=[_counted(part, bundle) for part in found],
        left=left_in(bundle, labels, dict(reasons_for(subject_request))) if bundle else [],
        others=others_answered(subject_request) if bundle else None,
        difference=since_the_last(bundle, labels) if bundle else None,
        withheld=_withheld(subject_request, found),
        left_out=[part.task for part in found if part.task.is_excluded],
        level=IdentityLevel(subject_request.identity_level),
        is_met=subject_request.identity_level >= needed,
        preparers=_preparers(subject_request),
    )
    return render(request, "bundles/release.html", context, status=status)


def _counted(part: SourceFindings, bundle: Bundle | None) -> SourceCount:
    """By what the copy itself says; as long as it is not built, by the collections that are withheld."""
    filled = [each.finding for each in part.findings if each.finding.row_count]
    withheld = sum(finding.row_count for finding in filled if finding.is_withheld)
    going, staying = part.rows - withheld, withheld
    if bundle is not None and bundle.shape:
        going, staying = going_by_source(bundle).get(part.task.source.key, (0, 0))
    return SourceCount(part.task.source.label, len(filled), going, staying)


def _withheld(
    subject_request: SubjectRequest, found: list[SourceFindings]
) -> list[tuple[str, str, int, str]]:
    return [
        (part.task.source.label, each.collection.label, each.finding.row_count, words)
        for part in found
        for each in part.findings
        if each.finding.is_withheld and (words := reason_in_words(subject_request, each.finding))
    ]


def _preparers(subject_request: SubjectRequest) -> list[str]:
    people = (subject_request.approved_by, subject_request.reviewed_by)
    return list(dict.fromkeys(member.display_name for member in people if member))
