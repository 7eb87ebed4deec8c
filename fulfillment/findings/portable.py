"""Which collections a right to move one's data covers: what the person gave or made, by consent or contract."""

from django.utils.translation import gettext_lazy as _

from fulfillment.datamaps.datamap import Collection
from requests_app.jurisdictions.base import Jurisdiction
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY

NOT_PORTABLE = "portability_basis"
NOT_PORTABLE_WORDS = _("The right to move data covers only what you gave us or made by using our services.")
BASES = frozenset({"consent", "contract"})
# Given by the person, or observed while they used the service (WP 242 rev. 01, page 10); not what others gave us.
FROM_THE_PERSON = frozenset({"given", "collected"})


def is_outside(collection: Collection, subject_request: SubjectRequest) -> bool:
    """Whether a collection lies outside of what this request can move; nothing does for any other right."""
    if subject_request.right != "portability":
        return False
    return not is_portable(collection, jurisdiction(subject_request.regime))


def is_portable(collection: Collection, law: Jurisdiction) -> bool:
    """Whether a collection may be moved: unless its map takes the right away, by its legal basis and its origin.

    The legal basis counts only under a law that limits the right by it (Article 20(1)(a) GDPR); elsewhere
    portability is a form of the access answer, and the same copy serves.
    """
    if "portability" not in collection.rights:
        return False
    if not any(each.code == NOT_PORTABLE for each in law.refusals):
        return True
    if collection.legal_basis not in BASES:
        return False
    return not collection.policy or COMPANY.category(collection.policy).group in FROM_THE_PERSON
