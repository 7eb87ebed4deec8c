"""What a look after a change showed, in words: counts and names of fields, nothing personal."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.changes.read_backs.facts import Fact


def troubles_of(fact: Fact) -> tuple[str, ...]:
    """Everything of one collection that does not read as decided."""
    found = []
    if fact.left:
        found.append(_left(fact))
    if fact.missing:
        words = ngettext(
            "%(rows)d record was changed by the word of the source, and none shows it",
            "%(rows)d records were changed by the word of the source, and none shows it",
            fact.missing,
        )
        found.append(words % {"rows": fact.missing})
    if fact.elsewhere:
        words = ngettext(
            "%(rows)d record still says the old value in %(fields)s",
            "%(rows)d records still say the old value in %(fields)s",
            fact.elsewhere,
        )
        found.append(words % {"rows": fact.elsewhere, "fields": ", ".join(fact.old_in)})
    return tuple(found)


def _left(fact: Fact) -> str:
    if not fact.fields:
        words = ngettext("%(rows)d record is still there", "%(rows)d records are still there", fact.left)
        return words % {"rows": fact.left}
    words = ngettext(
        "%(rows)d record does not read as decided in %(fields)s",
        "%(rows)d records do not read as decided in %(fields)s",
        fact.left,
    )
    return words % {"rows": fact.left, "fields": ", ".join(fact.fields)}


def seen_in(fact: Fact, label: str) -> str:
    """One collection of a look as a sentence for a page."""
    if fact.untold:
        return _("%(name)s: nobody can tell: %(why)s") % {"name": label, "why": fact.untold}
    if troubles := troubles_of(fact):
        return f"{label}: {'; '.join(troubles)}."
    if fact.later:
        return _("%(name)s: the source has promised to do it later.") % {"name": label}
    return _("%(name)s: %(rows)d read, as decided.") % {"name": label, "rows": fact.rows}
