"""What may be accepted without a person's word, and what is a fit value of a kind; no database, no clock."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from fulfillment.connectors.spellings import digits_of, is_caseless
from fulfillment.identities.errors import UnfitIdentity
from fulfillment.traces.folding import loose
from fulfillment.traces.person import Form, Identifier
from requests_app.encryption.blind_index import blind_index, blind_indexes

VALUE_MAX = 254
SHORTEST_PHONE = 5
_KIND = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_WORDS = re.compile(r"[^\W\d_]+")
# RFC 2142 and what companies and households call the mailboxes that several people read.
_SHARED_NAMES = (
    "abuse accounts admin administrator billing bookings buchhaltung contact contacto contato empfang "
    "enquiries familie family famille familia geral hello help helpdesk hostmaster hr info inquiries "
    "invoices jobs kontakt legal mail marketing news newsletter noreply office orders post postmaster "
    "press privacy reception reservations root sales secretary security sekretariat service shop staff "
    "support team webmaster welcome we us"
)
_SHARED_BOXES = frozenset(_SHARED_NAMES.split())


def checked_identity(kind: str, value: str) -> tuple[str, str]:
    """Kind and value as they are kept. Raises UnfitIdentity with a sentence that does not repeat the value."""
    kind, value = kind.strip(), value.strip()
    if not _KIND.match(kind):
        raise UnfitIdentity("Choose what kind of identity it is.")
    form = Identifier(kind, value).form
    if form in (Form.NAME, Form.POSTAL):
        raise UnfitIdentity("Names and home addresses belong to many people, so nobody is searched by them.")
    if not value or len(value) > VALUE_MAX or any(unicodedata.category(mark)[0] == "C" for mark in value):
        raise UnfitIdentity("Enter the value as it stands in the source, on one line.")
    if form is Form.EMAIL:
        _refuse_no_address(value)
    if form is Form.PHONE and len(digits_of(value)) < SHORTEST_PHONE:
        raise UnfitIdentity("Enter the whole phone number.")
    return kind, value


def _refuse_no_address(value: str) -> None:
    try:
        EmailValidator()(value)
    except ValidationError:
        raise UnfitIdentity("Enter a mail address in the form name@example.com.") from None


def plain_value(kind: str, value: str) -> str:
    """The spelling in which two values of a kind are the same identity, as sources compare them."""
    if kind == "phone_number":
        return digits_of(value)
    return value.strip().casefold() if is_caseless(kind, value.strip()) else value.strip()


def index_of(kind: str, value: str) -> str:
    """The blind index of a value; apart for values that sources tell apart, such as `A1` and `a1`."""
    return blind_index(f"known {kind}", _spelt(kind, value))


def _spelt(kind: str, value: str) -> str:
    return plain_value(kind, value).encode().hex()


def indexes_of(kind: str, value: str) -> tuple[str, ...]:
    """Under what a value may stand: its blind index by the key in use first, then by those beside it."""
    return blind_indexes(f"known {kind}", _spelt(kind, value))


def is_shared_mailbox(address: str) -> bool:
    """Whether the name of a mailbox says that several people read it."""
    local = address.rpartition("@")[0].casefold()
    return any(part in _SHARED_BOXES for part in (local, local.partition("+")[0]))


def bears_another_name(recorded: str, asked: str) -> bool:
    """Whether a record names somebody else: not every word of the shorter name stands in the longer one.

    People of one household share a surname, so one word in common is not enough.
    """
    theirs, ours = ({*_WORDS.findall(loose(name))} for name in (recorded, asked))
    return bool(theirs and ours) and not (theirs <= ours or ours <= theirs)
