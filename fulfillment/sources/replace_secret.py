"""Put a new secret in the place of an old one, without saying either."""

from datetime import datetime

from django.db import transaction

from fulfillment.connectors.base import CONNECTORS
from fulfillment.sources.errors import NoSuchSecret
from fulfillment.sources.models import DataSource
from fulfillment.sources.shown import secret_names
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput


def replace_secret(*, source: DataSource, name: str, secret: str, by: Actor, at: datetime) -> DataSource:
    """Replace one secret setting of a source; it is asked again from now on, though it may have been resting.

    Raises NoSuchSecret, BadInput for nothing at all, NotRegistered, and NotConfigured for one that cannot be used.
    """
    if not secret.strip() or "\0" in secret:
        raise BadInput("The new secret is empty, or not text. Nothing was changed.")
    connector = CONNECTORS.get(source.kind)
    with transaction.atomic():
        locked = DataSource.objects.select_for_update().get(pk=source.pk)
        known = secret_names(locked)
        if name not in known:
            has = f"Its secrets: {', '.join(known)}." if known else "It has none."
            raise NoSuchSecret(f"{locked.label} has no secret setting of that name. {has}")
        settings = connector.settings_model.with_secret(locked.settings_sealed, name, secret, at=at)
        connector.from_settings(settings)
        locked.settings_sealed = settings
        locked.last_error, locked.failures_in_row, locked.rests_until = "", 0, None
        locked.save(update_fields=["settings_sealed", "last_error", "failures_in_row", "rests_until"])
        facts = {"source": locked.key, "setting": name}
        record(event="source.secret_replaced", target=locked, by=by, at=at, facts=facts)
    return locked
