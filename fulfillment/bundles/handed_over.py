"""The letter that a copy was handed over: which files with which hashes, when, what was left out, and the ways on."""

from datetime import datetime
from functools import partial

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_lazy as to_staff

from fulfillment.bundles.differences import what_left
from fulfillment.bundles.models import Bundle
from fulfillment.bundles.sections import records
from fulfillment.findings.forms import reasons_for
from fulfillment.findings.portable import NOT_PORTABLE, NOT_PORTABLE_WORDS
from fulfillment.findings.selectors import findings_in
from requests_app.correspondence import facts as f
from requests_app.correspondence.kinds import LETTER_GROUP
from requests_app.correspondence.samples import sample as notice_sample
from requests_app.decisions.final_letter import write_final_letter
from requests_app.letters.blocks import Block, Heading, bullets, paragraph, table
from requests_app.letters.compose import day_in
from requests_app.letters.kinds import Context, Kind, Shipped, add_kind
from requests_app.letters.models import Letter
from requests_app.lifecycle.models import AnswerScope, SubjectRequest

KIND = "copy_handed_over"
FACTS = f.block(
    "facts", to_staff("Which files were handed over when, and what was left out"), lambda of: of.facts
)
_SHIPPED = Shipped(
    lazy("Our answer to your request {{ reference }}"),
    lazy("We have answered your request {{ reference }}.\n\n{{ answer }}\n\n{{ facts }}\n\n{{ ways }}"),
)


def add_handing_over() -> None:
    """Make the letter known; called once, at start-up."""
    proves = to_staff("it says which files were ours")
    needs = (f.SAYS_REFERENCE, f.needed(to_staff("the facts"), proves, ("facts",)), f.SAYS_WAYS)
    known = (f.REFERENCE, f.ANSWER, FACTS, f.WAYS_WHERE_CONTESTED, f.APPEAL_UNTIL, f.AUTHORITY)
    label = to_staff("A copy was handed over")
    add_kind(Kind(KIND, label, LETTER_GROUP, known, needs, sample, _SHIPPED))


def write_handed_over(*, subject_request: SubjectRequest, at: datetime) -> Letter | None:
    """Write it, in the transaction of the step that says so; None where no copy was ever released."""
    released = Bundle.objects.filter(subject_request=subject_request, released_at__isnull=False)
    bundle = released.select_related("subject_request", "run").order_by("-number").first()
    if bundle is None:
        return None
    return write_final_letter(KIND, partial(_facts, bundle, at=at), subject_request=subject_request, at=at)


def _facts(bundle: Bundle, *, at: datetime) -> tuple[Block, ...]:
    days = (
        _("Put together on %(day)s.") % {"day": day_in(bundle.built_at)},
        _("Released by a second person on %(day)s.") % {"day": day_in(bundle.released_at)},
        _("Handed over on %(day)s.") % {"day": day_in(at)},
        _("It holds %(records)s.") % {"records": records(bundle.row_count)},
    )
    files = [
        (_("Part %(number)d") % {"number": part.number}, filesizeformat(part.size), part.sha256)
        for part in bundle.parts
    ]
    return (
        Heading(_("What you received")),
        bullets(filter(None, days)),
        table(_("The files"), [_("File"), _("Size"), "SHA-256"], files),
        Heading(_("What was left out, and why")),
        *_missing(bundle),
    )


def _missing(bundle: Bundle) -> list[Block]:
    """Out of the numbers that the copy keeps of itself: no record is read again, which may be large or gone."""
    if bundle.subject_request.answer_scope != AnswerScope.FULL:
        return [paragraph(_("It names what we hold and contains no copies of records."))]
    rows = [*_withheld(bundle), *_secrets(bundle)]
    if not rows:
        return [paragraph(_("Nothing. All that we found is in your copy."))]
    return [table(_("What is not in it"), [_("What"), _("Why")], rows)]


def _withheld(bundle: Bundle) -> list[tuple[str, str]]:
    why = {NOT_PORTABLE: str(NOT_PORTABLE_WORDS), **dict(reasons_for(bundle.subject_request))}
    labels = {
        (part.task.source.key, each.collection.name): f"{part.task.source.label}: {each.collection.label}"
        for part in findings_in(bundle.run)
        for each in part.findings
    }
    return [
        (
            ", ".join((labels.get((entry["source"], entry["collection"]), entry["source"]), what_left(part))),
            why.get(part["reason"], part["reason"]),
        )
        for entry in bundle.shape
        for part in entry["left"]
    ]


def _secrets(bundle: Bundle) -> list[tuple[str, str]]:
    why = _("A secret that keeps your account safe: we name it and do not copy it.")
    going = {(entry["source"], entry["collection"]) for entry in bundle.shape if entry["records"]}
    return [
        (f"{part.task.source.label}: {each.collection.label}, {field.label}", why)
        for part in findings_in(bundle.run)
        for each in part.findings
        if (part.task.source.key, each.collection.name) in going
        for field in each.collection.secret_fields
    ]


def sample() -> Context:
    """The letter to nobody."""
    files = (("Part 1", "48.2 KB", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),)
    facts: tuple[Block, ...] = (
        Heading("What you received"),
        bullets(["Handed over on 6 January 2027."]),
        table("The files", ("File", "Size", "SHA-256"), files),
        Heading("What was left out, and why"),
        table("What is not in it", ("What", "Why"), (("Shop: Notes", "Example Act, § 7"),)),
    )
    return {**notice_sample(), "facts": facts}
