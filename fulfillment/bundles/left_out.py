"""What is not in the copy, and why: withheld collections, and secrets that are only named."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.bundles.contents import BundleInput, CollectionContent, PartLeftOut
from fulfillment.bundles.narrow import narrow_answer
from fulfillment.findings.release import tally
from fulfillment.findings.release.marks import kind_in_words


@dataclass(frozen=True)
class LeftOut:
    """Something that is not in the copy, and why."""

    what: str
    why: str


def left_out(contents: BundleInput) -> list[LeftOut]:
    """Every collection that was withheld, wholly or in part, and every secret that was not copied, in words."""
    if contents.is_narrow:
        return [LeftOut(_("Copies of records"), narrow_answer(contents).why)]
    withheld = [
        LeftOut(f"{each.source_label}: {each.label}", each.withheld.text)
        for each in contents.withheld
        if each.withheld is not None
    ]
    secrets = [
        LeftOut(
            f"{each.source_label}: {each.label}, {secret.label}",
            _("A secret that keeps your account safe: we name it and do not copy it."),
        )
        for each in contents.not_copied
        for secret in each.secrets
    ]
    parts = [
        LeftOut(_what(each, part), part.withheld.text)
        for each in contents.collections
        if each.is_exported
        for part in each.left_out
    ]
    return withheld + parts + secrets


def _what(collection: CollectionContent, part: PartLeftOut) -> str:
    where = f"{collection.source_label}: {collection.label}"
    if part.what in (tally.RECORDS, tally.FILES):
        return f"{where}, {_how_many(part)}"
    return f"{where}, {part.field}, {_how_many(part)}"


def _how_many(part: PartLeftOut) -> str:
    count = {"count": f"{part.count:,}"}
    if part.what == tally.FILES:
        return ngettext("%(count)s file", "%(count)s files", part.count) % count
    if part.what in (tally.RECORDS, tally.FIELD):
        return ngettext("%(count)s record", "%(count)s records", part.count) % count
    places = ngettext("covered in %(count)s place", "covered in %(count)s places", part.count) % count
    return f"{places} ({kind_in_words(part.kind)})" if part.kind else places
