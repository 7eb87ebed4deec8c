"""The sentences of our mails that depend on what happened, as facts for words of the staff."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app import days
from requests_app.letters.blocks import Block, paragraph


def confirm_opening(of: Any) -> str:
    """What came, in one request or several."""
    if of.references and len(of.references) > 1:
        named = {"number": len(of.references), "listed": ", ".join(of.references)}
        return (
            _(
                "We have received %(number)s requests to our privacy team, made together with your mail address. Their "
                "references are %(listed)s. What follows confirms them all."
            )
            % named
        )
    return _(
        "We have received a request to our privacy team, made with your mail address. Its reference is %(reference)s."
    ) % {"reference": of.reference}


def refused_opening(of: Any) -> str:
    """That we cannot do what was asked."""
    if of.is_appeal:
        words = _(
            "We have answered your appeal %(reference)s. Somebody who took no part in the first decision looked again, "
            "and decided as before."
        )
    else:
        words = _("We have answered your request %(reference)s: we cannot do what you asked.")
    return words % {"reference": of.reference}


def refused_reason(of: Any) -> str:
    """The ground of the law, with its article; nothing where none was named."""
    ending = of.ending
    where = ", ".join(filter(None, (ending.law, ending.cite)))
    return f"{_('The reason:')} {ending.ground} ({where})" if ending.ground else ""


def clock_note(of: Any) -> str:
    """That the days until the answer do not count, where the law says so."""
    words = _(
        "The law lets us wait for you: the days until then do not count towards the date of our answer."
    )
    return words if of.stops else ""


def instead(of: Any) -> list[Block]:
    """What can be had without any proof, where there is such a thing."""
    words = _(
        "There is something you can have without any proof: that we no longer sell or share your information. Open "
        "your request with its reference and a new code, and press one button:"
    )
    return [paragraph(words), paragraph(str(of.portal_url))] if of.offered else []


def kept_for(of: Any) -> str:
    """How long a copy lies ready."""
    return ngettext(
        "It stays there for one day. After that we erase it; you can always ask again.",
        "It stays there for %(days)s days. After that we erase it; you can always ask again.",
        of.copy_days,
    ) % {"days": of.copy_days}


def what_is_deleted(of: Any) -> str:
    """How much will be deleted, and how much stays."""
    deleted = ngettext(
        "%(records)s record will be deleted, in %(sources)s system.",
        "%(records)s records will be deleted, in %(sources)s systems.",
        of.records,
    ) % {"records": of.records, "sources": of.sources}
    if not of.kept:
        return deleted
    kept = ngettext(
        "%(kept)s record stays, as a law says; our page says which and why.",
        "%(kept)s records stay, as a law says; our page says which and why.",
        of.kept,
    ) % {"kept": of.kept}
    return f"{deleted} {kept}"


def stopping(of: Any) -> list[Block]:
    """When a deletion begins, and where to stop it."""
    if of.begins_at_once:
        return [paragraph(_("The day by which we must answer is near, so the deletion begins now."))]
    words = _(
        "The deletion begins on %(until)s (%(zone)s) at the earliest. Until it begins you can stop it on this page; "
        "after that it cannot be undone:"
    ) % {"until": days.moment_with_weekday(of.waits_until), "zone": of.zone}
    return [paragraph(words), paragraph(str(of.cancel_url))]


def deletion_result(of: Any) -> str:
    """How a deletion ended, no better than it was."""
    words = {
        "granted": _(
            "We have deleted what you asked us to delete with your request %(reference)s, and have searched every "
            "system once more."
        ),
        "not_changed": _(
            "For your request %(reference)s we looked in every system, twice, and found nothing of yours to delete."
        ),
    }
    partly = _(
        "We have carried out your request %(reference)s in part: some of your information stays, and we say which and "
        "why."
    )
    return words.get(of.outcome, partly) % {"reference": of.reference}


def transmission_result(of: Any) -> str:
    """What became of a copy that another service was to have."""
    if of.is_received:
        words = _(
            "The service you named for your request %(reference)s has confirmed that it received your copy."
        )
    elif of.is_unconfirmed:
        words = _(
            "We sent the copy of your request %(reference)s to the service you named. It did not confirm that the "
            "right file arrived."
        )
    else:
        words = _("The copy of your request %(reference)s was not handed to the service you named.")
    return words % {"reference": of.reference}


def transmission_next(of: Any) -> str:
    """What the person finds on their page then."""
    if of.is_received:
        return _("The proof is on your page:")
    return _(
        "Your page says why, and what you can do. You can download your copy and bring it there yourself:"
    )
