"""A narrower answer as values: the categories, the recipients, or yes or no; never a record, a field or a count."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.bundles.contents import BundleInput, CollectionContent
from requests_app.lifecycle.models import AnswerScope

TITLES: dict[str, Promise] = {
    AnswerScope.CATEGORIES: gettext_lazy("The categories of information that we hold about you"),
    AnswerScope.RECIPIENTS: gettext_lazy("Who received information about you"),
    AnswerScope.CONFIRMATION: gettext_lazy("Whether we hold information about you"),
}


@dataclass(frozen=True)
class NamedCategory:
    """A category that is held: where, what for, from whom, to whom."""

    category: str
    sources: tuple[str, ...]
    purposes: tuple[str, ...]
    origins: tuple[str, ...]
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class NamedRecipient:
    """Who received which categories; `names` are those of the kind we know."""

    recipient: str
    categories: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class NarrowAnswer:
    """What a narrower answer says."""

    title: str
    sentence: str
    why: str
    categories: tuple[NamedCategory, ...]
    recipients: tuple[NamedRecipient, ...]
    not_searched: tuple[tuple[str, str], ...]


def narrow_answer(contents: BundleInput) -> NarrowAnswer:
    """Return what is said in place of records."""
    held = [each for each in contents.collections if each.row_count > 0]
    scope = AnswerScope(contents.scope)
    names_recipients = scope is not AnswerScope.CONFIRMATION
    return NarrowAnswer(
        title=str(TITLES[scope]),
        sentence=_sentence(is_held=bool(held)),
        why=_why(contents, scope, is_held=bool(held)),
        categories=_categories(held) if scope is not AnswerScope.RECIPIENTS else (),
        recipients=_recipients(contents, held) if names_recipients else (),
        not_searched=tuple((each.label, each.note) for each in contents.sources if not each.searched),
    )


def as_json(answer: NarrowAnswer, contents: BundleInput) -> dict[str, Any]:
    """The same for machines, as a member of the data file."""
    return {
        "scope": contents.scope,
        "says": answer.sentence,
        "why_no_records": answer.why,
        "categories": [
            {
                "category": each.category,
                "sources": list(each.sources),
                "purposes": list(each.purposes),
                "origins": list(each.origins),
                "recipients": list(each.recipients),
            }
            for each in answer.categories
        ],
        "recipients": [
            {"recipient": each.recipient, "categories": list(each.categories)} for each in answer.recipients
        ],
    }


def _sentence(*, is_held: bool) -> str:
    if is_held:
        return _("Yes, we hold information about you.")
    return _("No, we hold no information about you in the systems that we searched.")


def _why(contents: BundleInput, scope: AnswerScope, *, is_held: bool) -> str:
    if contents.scope_citation:
        words = _(
            "You asked for a copy. What you showed us of who you are is enough for this answer, and not for copies of "
            "records: so this one names what we hold, and holds none of it. You can show us more and ask again."
        )
        return f"{words} ({contents.scope_citation})"
    if scope is AnswerScope.RECIPIENTS and not is_held:
        return _("You asked who received your information. As we hold none, there is nobody to name.")
    if scope is AnswerScope.RECIPIENTS:
        return _("You asked who received your information. This answer names them, and holds no records.")
    return _("You asked whether we hold information about you. This answer says so, and holds no records.")


def _categories(held: list[CollectionContent]) -> tuple[NamedCategory, ...]:
    names = _once(_category(each) for each in held)
    return tuple(_named(name, [each for each in held if _category(each) == name]) for name in names)


def _named(name: str, ours: list[CollectionContent]) -> NamedCategory:
    def gathered(read: Callable[[CollectionContent], Iterable[str]]) -> tuple[str, ...]:
        return _once(word for each in ours for word in read(each))

    return NamedCategory(
        name,
        sources=gathered(lambda each: [each.source_label]),
        purposes=gathered(lambda each: each.purposes),
        origins=gathered(lambda each: [each.origin]),
        recipients=gathered(lambda each: each.recipients),
    )


def _recipients(contents: BundleInput, held: list[CollectionContent]) -> tuple[NamedRecipient, ...]:
    by_name, found = contents.scope == AnswerScope.RECIPIENTS, []
    for recipient in contents.company.recipients:
        label = _(recipient.label)
        ours = [each for each in held if label in each.recipients]
        if ours:
            names = contents.recipient_names.get(label, ()) if by_name else ()
            found.append(NamedRecipient(label, _once(_category(each) for each in ours), names))
    return tuple(found)


def _category(collection: CollectionContent) -> str:
    return collection.category or collection.label


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))
