"""Add a recipient, or change it; what was changed stands in its history, without the values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

import httpx
from django.db import transaction
from django.utils.text import slugify

from fulfillment.connectors.errors import NotConfigured
from fulfillment.connectors.outbound import refuse_unfit_url
from fulfillment.connectors.webhook_signing import secret_bytes
from fulfillment.recipients.models import Recipient, Way
from fulfillment.recipients.places import disclosed_places, places_of
from fulfillment.recipients.secrets_kept import with_new_secret
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.errors import BadInput, NotPermitted
from requests_app.roles import Permission, permissions_of


@dataclass(frozen=True)
class RecipientDetails:
    """All that staff say of a recipient; an empty `secret` leaves the one in force."""

    label: str
    disclosed_as: str
    way: str
    narrowed_to: tuple[str, ...] = ()
    known_by: str = ""
    mail_address: str = field(default="", repr=False)
    url: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    language: str = "en"
    remind_after_days: int = 14
    enabled: bool = True


def add_recipient(*, details: RecipientDetails, by: Actor, at: datetime) -> Recipient:
    """Set a recipient up. Raises NotPermitted and BadInput."""
    recipient = Recipient(added_at=at)
    with transaction.atomic():
        _take_over(recipient, details, by, at)
        recipient.key = _free_key(details.label)
        recipient.save(force_insert=True)
        record(event="recipient.added", target=recipient, by=by, at=at, facts={"recipient": recipient.key})
    return recipient


def change_recipient(*, key: str, details: RecipientDetails, by: Actor, at: datetime) -> Recipient:
    """Change a recipient; notices already written go where they were to go. Raises NotPermitted and BadInput."""
    with transaction.atomic():
        recipient = Recipient.objects.select_for_update().get(key=key)
        changed = _take_over(recipient, details, by, at)
        recipient.save()
        facts = {"recipient": recipient.key}
        if details.secret:
            record(event="recipient.secret_replaced", target=recipient, by=by, at=at, facts=facts)
        if changed:
            named = ", ".join(sorted(changed))
            record(
                event="recipient.changed", target=recipient, by=by, at=at, facts={**facts, "fields": named}
            )
    return recipient


def _take_over(recipient: Recipient, details: RecipientDetails, by: Actor, at: datetime) -> set[str]:
    """Put the details in place; returns the names of those that are new."""
    _refuse_unfit(recipient, details, by)
    changed = set()
    for each in fields(details):
        name = {"url": "url_sealed"}.get(each.name, each.name)
        if name == "secret":
            continue
        value = getattr(details, each.name)
        value = list(value) if isinstance(value, tuple) else value
        if getattr(recipient, name) != value:
            changed.add(each.name)
            setattr(recipient, name, value)
    if details.secret:
        recipient.secrets_sealed = with_new_secret(recipient.secrets_sealed, details.secret.strip(), at=at)
    return changed


def _refuse_unfit(recipient: Recipient, details: RecipientDetails, by: Actor) -> None:
    if Permission.MANAGE_SOURCES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    if not details.label.strip():
        raise BadInput("Say what this recipient is called.")
    _refuse_unfit_way(recipient, details)
    draft = Recipient(disclosed_as=details.disclosed_as, narrowed_to=list(details.narrowed_to))
    places = places_of(draft, disclosed_places())
    unknown = set(details.narrowed_to) - {each.key for each in places}
    if unknown:
        raise BadInput("The data maps do not say that such a recipient has all the places that were picked.")
    source_and_collection, _, name = details.known_by.rpartition("/")
    fits = any(each.key == source_and_collection and each.field(name) for each in places)
    if details.way != Way.BY_HAND and not fits:
        raise BadInput(
            "Pick by what this recipient knows a person: a field of something that it has had from us."
        )


def _refuse_unfit_way(recipient: Recipient, details: RecipientDetails) -> None:
    if details.way == Way.MAIL and "@" not in details.mail_address.strip("@ "):
        raise BadInput("Give the mail address of this recipient.")
    if details.way != Way.WEBHOOK:
        return
    try:
        refuse_unfit_url(httpx.URL(details.url))
    except (httpx.InvalidURL, NotConfigured):
        raise BadInput("Give an address that begins with https://, without a user name in it.") from None
    if not details.secret and not recipient.secrets_sealed:
        raise BadInput("Give the secret that signs the calls.")
    if details.secret:
        try:
            secret_bytes(details.secret)
        except ValueError:
            raise BadInput("A signing secret is whsec_ and 24 to 64 bytes in base64.") from None


def _free_key(label: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", slugify(label)).strip("_")[:50]
    start = plain if plain[:1].isalpha() else f"recipient_{plain}".rstrip("_")
    taken: Iterable[str] = Recipient.objects.filter(key__startswith=start).values_list("key", flat=True)
    names = (start, *(f"{start}_{number}" for number in range(2, 10_000)))
    return next(name for name in names if name not in set(taken))
