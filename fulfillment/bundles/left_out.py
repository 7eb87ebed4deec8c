"""What is not in the copy, and why: withheld collections, and secrets that are only named."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from fulfillment.bundles.contents import BundleInput
from fulfillment.bundles.narrow import narrow_answer


@dataclass(frozen=True)
class LeftOut:
    """Something that is not in the copy, and why."""

    what: str
    why: str


def left_out(contents: BundleInput) -> list[LeftOut]:
    """Every collection that was withheld and every secret that was not copied, in words."""
    if contents.is_narrow:
        return [LeftOut(_("Copies of records"), narrow_answer(contents).why)]
    withheld = [
        LeftOut(f"{each.source_label}: {each.label}", each.withheld.text)
        for each in contents.withheld
        if each.withheld is not None
    ]
    secrets = [
        LeftOut(
            f"{each.source_label}: {secret.label}",
            _("A secret that keeps your account safe: we name it and do not copy it."),
        )
        for each in contents.not_copied
        for secret in each.secrets
    ]
    return withheld + secrets
