"""The words of our letters: which there are, writing a version, trying it, going back to an earlier one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.letters.checking import UnfitWords, Words, require_fit
from requests_app.letters.kinds import Kind, kind_of
from requests_app.letters.languages import languages, name_of, require_language
from requests_app.letters.models import WordingInUse
from requests_app.letters.sampling import sample_pdf
from requests_app.letters.wordings import (
    Place,
    WordsChanged,
    restore_words,
    save_words,
    send_shipped_words,
    version_of,
)
from requests_app.review.letters.difference import difference
from requests_app.review.letters.forms import EditionForm, WordsForm
from requests_app.review.letters.story import (
    allowed_in,
    preview,
    rows_by_group,
    versions_of,
    words_to_start_from,
)
from requests_app.roles import Permission

Form = WordsForm


@for_staff_who_may(Permission.EDIT_LETTERS)
@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """Show every kind of letter, and whose words are sent in one language."""
    language = request.GET.get("language", "en")
    known = languages()
    if language not in dict(known):
        language = "en"
    context = {
        "groups": rows_by_group(language),
        "languages": known,
        "language": language,
        "language_name": name_of(language),
    }
    return render(request, "letters/kinds.html", context)


@for_staff_who_may(Permission.EDIT_LETTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Write the words of a letter: try them, or send them from now on."""
    kind, place = _place_or_404(key, language)
    if request.method != "POST":
        return _show(request, kind, place, _form_of(kind, place))
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _show(request, kind, place, form, status=422)
    try:
        if request.POST.get("do") != "save":
            require_fit(kind, form.words)
            return _show(request, kind, place, form, tried=form.words)
        return _saved(request, place, form)
    except UnfitWords as refusal:
        form.add_error(refusal.field, refusal.sentence)
    except WordsChanged as refusal:
        form.add_error(None, refusal.sentence)
        return _show(request, kind, place, _on_top_of_the_newest(form, place), status=409, tried=form.words)
    return _show(request, kind, place, form, status=422)


@for_staff_who_may(Permission.EDIT_LETTERS)
@require_POST
def preview_pdf(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Set words that are being written as a PDF, with the facts of nobody."""
    kind, place = _place_or_404(key, language)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _show(request, kind, place, form, status=422)
    try:
        require_fit(kind, form.words)
        content = sample_pdf(kind, form.words, language=language, at=timezone.now())
    except UnfitWords as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return _show(request, kind, place, form, status=422)
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        return _show(request, kind, place, form, status=refusal.status)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{kind.key}-{language}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@for_staff_who_may(Permission.EDIT_LETTERS)
@require_POST
def shipped(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Send the words that come with the product again."""
    _kind, place = _place_or_404(key, language)
    form = EditionForm(request.POST)
    by = Actor.staff(staff_member(request))
    try:
        seen = form.cleaned_data["edition"] if form.is_valid() else -1
        send_shipped_words(place, expected_edition=seen, by=by, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.sentence, extra_tags="bad")
    else:
        messages.success(request, _("The shipped words are sent from now on. The versions stay."))
    return redirect("review:words", key, language)


@for_staff_who_may(Permission.EDIT_LETTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, key: str, language: str, number: int) -> HttpResponse:
    """Show a version beside what is sent now, and send it again."""
    kind, place = _place_or_404(key, language)
    try:
        found = version_of(place, number)
    except DomainError as unknown:
        raise Http404(unknown.sentence) from unknown
    in_use = _in_use(place)
    if request.method == "POST":
        return _restored(request, place, number)
    then = Words(found.subject, found.body)
    now = words_to_start_from(kind, language, in_use.wording)
    context = _named(kind, place) | {
        "version": found,
        "edition": in_use.edition,
        "is_in_use": in_use.wording_id == found.pk,
        "preview": preview(kind, then, language),
        "changes": difference(now, then),
    }
    return render(request, "letters/version.html", context)


def _saved(request: HttpRequest, place: Place, form: Form) -> HttpResponse:
    by, data = Actor.staff(staff_member(request)), form.cleaned_data
    wording = save_words(
        place, form.words, why=data["why"], expected_edition=data["edition"], by=by, at=timezone.now()
    )
    messages.success(request, _("Version %(number)s is sent from now on.") % {"number": wording.number})
    return redirect("review:words", place.kind, place.language)


def _restored(request: HttpRequest, place: Place, number: int) -> HttpResponse:
    form = EditionForm(request.POST)
    by = Actor.staff(staff_member(request))
    try:
        seen = form.cleaned_data["edition"] if form.is_valid() else -1
        wording = restore_words(place, number=number, expected_edition=seen, by=by, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.sentence, extra_tags="bad")
        return redirect("review:words_version", place.kind, place.language, number)
    said = _("Version %(number)s is sent from now on; its words are those of version %(from)s.")
    messages.success(request, said % {"number": wording.number, "from": number})
    return redirect("review:words", place.kind, place.language)


def _show(
    request: HttpRequest,
    kind: Kind,
    place: Place,
    form: Form,
    *,
    status: int = 200,
    tried: Words | None = None,
) -> HttpResponse:
    in_use = _in_use(place)
    now = words_to_start_from(kind, place.language, in_use.wording)
    context = _named(kind, place) | {
        "form": form,
        "in_use": in_use.wording,
        "edition": in_use.edition,
        "allowed": allowed_in(kind),
        "versions": versions_of(place),
        "is_tried": tried is not None,
        "preview": preview(kind, tried or now, place.language),
        "changes": difference(now, tried) if tried is not None else [],
    }
    return render(request, "letters/words.html", context, status=status)


def _named(kind: Kind, place: Place) -> dict[str, Any]:
    return {"kind": kind, "language": place.language, "language_name": name_of(place.language)}


def _form_of(kind: Kind, place: Place) -> Form:
    in_use = _in_use(place)
    start = words_to_start_from(kind, place.language, in_use.wording)
    return WordsForm(initial={"subject": start.subject, "body": start.body, "edition": in_use.edition})


def _on_top_of_the_newest(form: Form, place: Place) -> Form:
    """What was typed stays; the next save is on top of the version that is shown beside it."""
    newest = WordsForm(
        {**{name: form[name].value() for name in form.fields}, "edition": _in_use(place).edition}
    )
    newest.is_valid()
    for sentence in form.non_field_errors():
        newest.add_error(None, str(sentence))
    return newest


def _in_use(place: Place) -> WordingInUse:
    found = WordingInUse.objects.filter(kind=place.kind, language=place.language).select_related("wording")
    return found.first() or WordingInUse(kind=place.kind, language=place.language)


def _place_or_404(key: str, language: str) -> tuple[Kind, Place]:
    try:
        require_language(language)
        return kind_of(key), Place(key, language)
    except DomainError as unknown:
        raise Http404(unknown.sentence) from unknown
