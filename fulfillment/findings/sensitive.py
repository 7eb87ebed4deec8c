"""Which values a page masks until somebody asks to see them, which is recorded; and which are shown for a while."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from fulfillment.datamaps.datamap import Collection, DataField

SHOWN_FOR = timedelta(minutes=10)
_KEY = "shown_records"
# Fideslang's categories whose misuse harms, special categories of Article 9 and 10 GDPR among them.
SENSITIVE = (
    "user.account.settings.payment",
    "user.authorization",
    "user.biometric",
    "user.childrens",
    "user.criminal_history",
    "user.demographic.ethnicity",
    "user.demographic.political_opinion",
    "user.demographic.race",
    "user.demographic.religious_belief",
    "user.demographic.sexual_orientation",
    "user.financial",
    "user.government_id",
    "user.health_and_medical",
    "user.location.precise",
    "user.payment",
    "user.sensor",
    "user.telemetry.biometric",
)


def is_sensitive(field: DataField) -> bool:
    """Whether its values are masked at first."""
    return field.identity == "iban" or any(
        name == each or name.startswith(f"{each}.") for name in field.categories for each in SENSITIVE
    )


def sensitive_paths(collection: Collection) -> frozenset[str]:
    """The fields of a collection whose values are masked, those inside them too."""
    return frozenset(each.name for each in collection.every_field() if is_sensitive(each))


def show_for_a_while(finding_id: UUID, line: int, *, session: SessionBase, at: datetime) -> None:
    """Let this session read the masked values of one record for ten minutes."""
    still = {key: until for key, until in session.get(_KEY, {}).items() if until > at.timestamp()}
    session[_KEY] = {**still, f"{finding_id} {line}": (at + SHOWN_FOR).timestamp()}


def shown_lines(finding_id: UUID, *, session: SessionBase, at: datetime) -> frozenset[int]:
    """The records whose masked values this session may read now."""
    own = f"{finding_id} "
    shown = session.get(_KEY, {}).items()
    return frozenset(
        int(key.removeprefix(own)) for key, until in shown if key.startswith(own) and until > at.timestamp()
    )
