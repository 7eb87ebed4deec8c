"""Tables of addresses: a row of user_emails or identities is one address of the person that it names."""

from collections.abc import Mapping

from fulfillment.introspection.judge import Judged, Verdicts
from fulfillment.introspection.tables import View
from fulfillment.introspection.words import plain_words, tokens

_PLAIN = frozenset(
    {"email", "e", "mail", "address", "emailaddress", "mailaddress", "value", "user", "normalized"}
)
# A letter has addresses too, and they are not those of whose row it is.
_OF_LETTERS = frozenset({"subject", "body", "html", "message", "sent", "plaintext"})


def have_an_address(verdicts: Verdicts) -> frozenset[str]:
    """The tables in which a person is found by a mail address."""
    return frozenset(name for name, judged in verdicts.items() if any(map(_is_address, judged.values())))


def own_addresses(views: Mapping[str, View], verdicts: Verdicts) -> frozenset[str]:
    """Those in which the address is that of whoever the row belongs to."""
    return frozenset(name for name, view in views.items() if _holds_own(view, verdicts[name]))


def _holds_own(view: View, judged: Mapping[str, Judged]) -> bool:
    named = [
        each for each in plain_words("tables", "own_addresses").find(view.core) if each.end == len(view.core)
    ]
    words = {word for column in view.table.columns for word in tokens(column.name)}
    plain = any(_is_address(each) and _PLAIN.issuperset(tokens(column)) for column, each in judged.items())
    return bool(named) and plain and _OF_LETTERS.isdisjoint(words)


def _is_address(judged: Judged) -> bool:
    return judged.leads_to_person and judged.identity is not None and judged.identity.value == "email"
