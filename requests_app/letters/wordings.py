"""Which words a letter is written in, and how staff change them: each change a version, none ever overwritten."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, DomainError, NotFound, NotPermitted
from requests_app.letters.checking import Words, is_fit, require_fit
from requests_app.letters.kinds import Kind, kind_of
from requests_app.letters.languages import require_language
from requests_app.letters.models import Wording, WordingInUse
from requests_app.roles import Permission, permissions_of


class WordsChanged(DomainError):
    """Somebody else changed these words meanwhile."""

    code = "words_changed"


class UnknownVersion(NotFound):
    """No version of this number was ever written."""

    code = "unknown_version"


@dataclass(frozen=True)
class Place:
    """One kind of letter in one language."""

    kind: str
    language: str


def words_in_use(kind: str, language: str) -> Wording | None:
    """The staff's words for a letter, of the language itself or of the wider one; None for the shipped ones.

    Words that no longer fit the kind (a fact it had is gone) are not sent: the shipped ones are.
    """
    wider = language.split("-")[0]
    found = {
        each.language: each.wording
        for each in WordingInUse.objects.filter(
            kind=kind, language__in={language, wider}, wording__isnull=False
        ).select_related("wording")
    }
    wording = found.get(language) or found.get(wider)
    return wording if wording is not None and is_sendable(wording) else None


def is_sendable(wording: Wording) -> bool:
    """Whether a version still fits its kind."""
    return is_fit(kind_of(wording.kind), Words(wording.subject, wording.body))


def edition_of(place: Place) -> int:
    """How often the words of a letter were changed: whoever saves says which edition they saw."""
    found = WordingInUse.objects.filter(kind=place.kind, language=place.language).first()
    return found.edition if found else 0


def save_words(
    place: Place, words: Words, *, why: str, expected_edition: int, by: Actor, at: datetime
) -> Wording:
    """Write a version and send it from now on. Raises NotPermitted, UnfitWords, WordsChanged."""
    kind = _require_editable(place, by)
    words = Words(" ".join(words.subject.split()), words.body.replace("\r\n", "\n").strip())
    require_fit(kind, words)
    with transaction.atomic():
        in_use = _locked(place, expected_edition)
        return _write(in_use, words, why=why, restored_from=None, by=by, at=at)


def restore_words(place: Place, *, number: int, expected_edition: int, by: Actor, at: datetime) -> Wording:
    """Send the words of an earlier version again, as a new version.

    Raises NotPermitted, UnknownVersion, UnfitWords, WordsChanged.
    """
    kind = _require_editable(place, by)
    with transaction.atomic():
        in_use = _locked(place, expected_edition)
        earlier = version_of(place, number)
        words = Words(earlier.subject, earlier.body)
        require_fit(kind, words)
        return _write(in_use, words, why="", restored_from=number, by=by, at=at)


def send_shipped_words(place: Place, *, expected_edition: int, by: Actor, at: datetime) -> None:
    """Go back to the words that come with the product; the versions stay. Raises NotPermitted, WordsChanged."""
    _require_editable(place, by)
    with transaction.atomic():
        in_use = _locked(place, expected_edition)
        in_use.wording = None
        in_use.edition += 1
        in_use.save()
        facts = {"kind": place.kind, "language": place.language}
        record(event="wording.shipped_again", target=in_use, by=by, at=at, facts=facts)


def version_of(place: Place, number: int) -> Wording:
    """A version by its number. Raises UnknownVersion."""
    found = Wording.objects.filter(kind=place.kind, language=place.language, number=number).first()
    if found is None:
        raise UnknownVersion("There is no such version of these words.")
    return found


def _require_editable(place: Place, by: Actor) -> Kind:
    if Permission.EDIT_LETTERS not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    require_language(place.language)
    return kind_of(place.kind)


def _locked(place: Place, expected_edition: int) -> WordingInUse:
    WordingInUse.objects.get_or_create(kind=place.kind, language=place.language)
    in_use = WordingInUse.objects.select_for_update().get(kind=place.kind, language=place.language)
    if in_use.edition != expected_edition:
        raise WordsChanged(
            "Somebody else changed these words while you were writing. Yours were not kept: compare them with the "
            "newest version, and save again."
        )
    return in_use


def _write(
    in_use: WordingInUse, words: Words, *, why: str, restored_from: int | None, by: Actor, at: datetime
) -> Wording:
    versions = Wording.objects.filter(kind=in_use.kind, language=in_use.language)
    if len(why.strip()) > 300:
        raise BadInput("The note is too long: at most 300 characters.")
    wording = Wording.objects.create(
        kind=in_use.kind,
        language=in_use.language,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        subject=words.subject,
        body=words.body,
        why=why.strip(),
        restored_from=restored_from,
        written_at=at,
        written_by_id=UUID(by.key),
    )
    in_use.wording = wording
    in_use.edition += 1
    in_use.save()
    facts = {"kind": wording.kind, "language": wording.language, "version": wording.number}
    record(
        event="wording.restored" if restored_from else "wording.changed",
        target=wording,
        by=by,
        at=at,
        facts=facts,
    )
    return wording
