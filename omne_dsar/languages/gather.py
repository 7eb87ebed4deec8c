"""Gather the words that a person reads on paper or in a mail, so that a translation of them can be complete."""

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation import override
from django.utils.translation.template import templatize

from requests_app.decisions.ways import regulator_of
from requests_app.jurisdictions.load import jurisdiction, regimes
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.policy.company import COMPANY

# What a person is sent or hands on: copies, letters, certificates and mails. Pages of the staff stay English.
PAPERS = (
    "templates/documents/*",
    "templates/bundles/*",
    "templates/emails/**/*",
    "fulfillment/bundles/**/*.py",
    "fulfillment/changes/certify/*.py",
    "fulfillment/changes/mails.py",
    "fulfillment/findings/release/*.py",
    "fulfillment/transmissions/certificate.py",
    "fulfillment/transmissions/letters.py",
    "fulfillment/transmissions/offered.py",
    "fulfillment/transmissions/states.py",
    "requests_app/letters/**/*.py",
    "requests_app/correspondence/*.py",
    "requests_app/decisions/**/*.py",
    "requests_app/lists.py",
)
# The staff reads these: the evidence of a request, the desk's own mails and the approver's pages.
DESK = (
    "templates/documents/evidence*",
    "templates/emails/owner*/*",
    "templates/emails/staff*/*",
    "templates/bundles/release*",
    "templates/bundles/source.html",
    "templates/bundles/trouble.html",
    "templates/bundles/check.html",
    "fulfillment/bundles/staff_*.py",
    "requests_app/letters/sampling.py",
)
# Of two names for one function, `lazy` holds words for the person; `to_staff` marks those of the desk, left out here.
_ONE = ("_", "gettext", "gettext_lazy", "gettext_noop", "lazy")
_SEVERAL = ("ngettext", "ngettext_lazy")
_IN_CONTEXT = ("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy")


def words_of_papers() -> Catalog:
    """Every message of those files and of the data they quote, with the places it stands at."""
    catalog = Catalog(charset="utf-8")
    for path in _files():
        for line, message, context in _messages(path):
            catalog.add(
                message, locations=[(str(path.relative_to(settings.BASE_DIR)), line)], context=context
            )
    for place, words in chain(_of_our_policy(), _of_laws(), _of_rights()):
        if words:
            catalog.add(words, locations=[(place, 0)])
    return catalog


def _of_our_policy() -> Iterator[tuple[str, str]]:
    """What the company's policy says of itself."""
    place = "requests_app/policy/omnesoft.yaml"
    yield from ((place, each.label) for each in COMPANY.categories)
    yield from ((place, each.label) for each in COMPANY.bases)
    yield from ((place, each.label) for each in COMPANY.purposes)
    yield from ((place, each.label) for each in COMPANY.recipients)
    yield from ((place, each.label) for each in COMPANY.groups)
    for right in COMPANY.rights:
        yield from ((place, right.label), (place, right.promise))
    yield from ((place, COMPANY.retention), (place, COMPANY.transfers))


def _of_laws() -> Iterator[tuple[str, str]]:
    """How each law is called, who supervises us under it, and its reasons for a no."""
    for law in map(jurisdiction, regimes()):
        place = f"requests_app/jurisdictions/laws/{law.key}.yaml"
        yield from ((place, law.name), (place, regulator_of(law)))
        yield from ((place, refusal.words) for refusal in law.refusals)


def _of_rights() -> Iterator[tuple[str, str]]:
    """What each right is called."""
    with override(settings.LANGUAGE_CODE):
        for right in RIGHTS.values():
            place = f"requests_app/lifecycle/rights/{right.code}.py"
            yield from ((place, str(right.label)), (place, str(right.short_label)))


def _files() -> Iterator[Path]:
    desk = _found(DESK)
    yield from sorted(path for path in _found(PAPERS) - desk if path.is_file())


def _found(patterns: Iterable[str]) -> set[Path]:
    return {path for pattern in patterns for path in Path(settings.BASE_DIR).glob(pattern)}


def _messages(path: Path) -> Iterator[tuple[int, str | tuple[str, str], str | None]]:
    source = path.read_text()
    if path.suffix != ".py":
        # What is left of a template are lines of Python calls among lines of filler, indented anyhow.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    calls = dict.fromkeys((*_ONE, *_SEVERAL, *_IN_CONTEXT))
    for line, function, found, _comments in extract_python(io.BytesIO(source.encode()), calls, [], {}):
        parts = [str(each or "") for each in (found if isinstance(found, (tuple, list)) else [found])]
        context = parts.pop(0) if function in _IN_CONTEXT else None
        if str(function).startswith("n"):
            yield line, (parts[0], parts[1]), context
        elif parts[0]:
            yield line, parts[0], context
