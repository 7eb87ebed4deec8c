"""What a certificate of deletion says: what is gone, what stays, until when and why, what is not certain."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.changes.certificate import Certificate, CertifiedLine
from fulfillment.changes.certify.carried_out import (
    count,
    looked_at_again,
    nothing_found,
    receipts,
    who_was_told,
)
from fulfillment.changes.compare import Stay
from fulfillment.changes.read_backs.shown import ToldLook
from fulfillment.recipients.selectors import Told
from requests_app import days
from requests_app.letters.blocks import Block, Heading, bullets, paragraph, table
from requests_app.letters.text import blocks_of


def deletion_facts(certificate: Certificate, looks: Iterable[ToldLook]) -> tuple[Block, ...]:
    """The facts of a deletion that was carried out."""
    not_told = tuple(Told(name, None) for name in certificate.not_told)
    return (
        *_summary(certificate),
        *_gone(certificate),
        *_emptied(certificate),
        *_kept(certificate),
        *_left(certificate),
        *_gaps(certificate),
        *who_was_told((*certificate.told, *certificate.spared, *not_told)),
        *receipts(certificate.receipts),
        *looked_at_again(looks),
    )


def _summary(certificate: Certificate) -> list[Block]:
    if certificate.is_empty:
        return [*nothing_found(), *_searched(certificate)]
    said = []
    if certificate.count:
        words = ngettext("%(n)s record was deleted.", "%(n)s records were deleted.", certificate.count)
        said.append(words % {"n": count(certificate.count)})
    if certificate.count_emptied:
        words = ngettext(
            "%(n)s record stays, with what it said of you taken out.",
            "%(n)s records stay, with what they said of you taken out.",
            certificate.count_emptied,
        )
        said.append(words % {"n": count(certificate.count_emptied)})
    if certificate.unseen:
        words = ngettext(
            "%(n)s record was deleted where we could not search once more.",
            "%(n)s records were deleted where we could not search once more.",
            certificate.unseen,
        )
        said.append(words % {"n": count(certificate.unseen)})
    if not said:
        said.append(_("No record was deleted."))
    if left := sum(line.left for line in certificate.left):
        words = ngettext("%(n)s record is still there.", "%(n)s records are still there.", left)
        said.append(words % {"n": count(left)})
    return [paragraph(" ".join(said)), *_searched(certificate)]


def _searched(certificate: Certificate) -> list[Block]:
    if certificate.searched_at is None:
        return []
    return [paragraph(_("On %(day)s we searched once more.") % {"day": days.day(certificate.searched_at)})]


def _gone(certificate: Certificate) -> list[Block]:
    rows = [(line.label, line.source, count(line.deleted)) for line in certificate.gone]
    return _part(_("Deleted"), _("What was deleted, and looked for once more"), rows)


def _emptied(certificate: Certificate) -> list[Block]:
    rows = [(line.label, line.source, count(line.emptied)) for line in certificate.emptied]
    blocks = _part(_("Taken out of records that stay"), _("Records without what they said of you"), rows)
    if certificate.words:
        words = ngettext(
            "Out of %(n)s record of somebody else the words about you were taken. Their own words stay.",
            "Out of %(n)s records of others the words about you were taken. Their own words stay.",
            certificate.words,
        )
        blocks.append(paragraph(words % {"n": count(certificate.words)}))
    return blocks


def _kept(certificate: Certificate) -> list[Block]:
    rows = [row for line in certificate.kept for row in _kept_rows(line)]
    if not rows:
        return []
    headings = [_("What"), _("System"), _("Records"), _("Why it stays"), _("Until")]
    return [Heading(_("Kept")), table(_("What stays, why, and until when"), headings, rows)]


def _kept_rows(line: CertifiedLine) -> list[tuple[str, str, str, str, str]]:
    """One row for what staff kept as a whole, and one for each rule by which the source kept something."""
    rows = []
    if line.kept and (line.why or not line.stays):
        until = next((said for stay in line.stays if (said := _until(stay)) and not stay.fields), line.rule)
        rows.append((line.label, line.source, count(line.kept), line.why, until))
    return rows + [_stay_row(line, stay) for stay in line.stays if stay.fields or not line.why]


def _stay_row(line: CertifiedLine, stay: Stay) -> tuple[str, str, str, str, str]:
    what = f"{line.label}: {', '.join(stay.fields)}" if stay.fields else line.label
    return what, line.source, count(stay.rows), stay.why, _until(stay)


def _until(stay: Stay) -> str:
    """The last day, or the day on which somebody looks at a hold again that has none."""
    if stay.until is None and stay.look_again_on is not None:
        return _("While the hold stands; we look at it again on %(day)s at the latest") % {
            "day": days.day(stay.look_again_on)
        }
    return days.day(stay.until)


def _left(certificate: Certificate) -> list[Block]:
    if not certificate.left:
        return []
    said = [f"{_named(line)}: {_state(line)}" for line in certificate.left]
    return [Heading(_("Not certain to be gone")), bullets(said), *blocks_of(certificate.reason)]


def _named(line: CertifiedLine) -> str:
    return f"{line.label}, {line.source}" if line.label else line.source


def _state(line: CertifiedLine) -> str:
    if line.is_searched:
        words = ngettext("%(n)s record is still there.", "%(n)s records are still there.", line.left)
        return words % {"n": count(line.left)}
    said = _("could not be searched once more.")
    if line.made:
        words = ngettext(
            "%(n)s record was deleted there before it broke off.",
            "%(n)s records were deleted there before it broke off.",
            line.made,
        )
        said = f"{said} {words % {'n': count(line.made)}}"
    return said


def _gaps(certificate: Certificate) -> list[Block]:
    if not certificate.gaps:
        return []
    words = _(
        "Besides searching once more we go through our systems record by record, for what no search finds. Of these we "
        "could not:"
    )
    said = [f"{gap.source}: {gap.why}" for gap in certificate.gaps]
    return [Heading(_("Not gone through from end to end")), paragraph(words), bullets(said)]


def _part(heading: str, caption: str, rows: list[tuple[str, str, str]]) -> list[Block]:
    if not rows:
        return []
    return [Heading(heading), table(caption, [_("What"), _("System"), _("Records")], rows)]
