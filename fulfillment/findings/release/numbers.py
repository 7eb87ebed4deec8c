"""Account and card numbers leave by their last four signs: answers that fall into wrong hands open no account.

Several companies answer one stranger, and each gives away a few digits or all of them. Whoever reviews can let a record
go out as it is; then its numbers do too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from fulfillment.datamaps.datamap import Collection, DataField
from fulfillment.findings.release.edits import Edit
from fulfillment.findings.release.places import NAME, leaves_of

ACCOUNT_NUMBERS = "account_numbers"
ACCOUNT_NUMBERS_WORDS = _(
    "Nobody is to use your accounts and cards, should this copy fall into other hands: so their numbers are shown by "
    "their last four signs. Ask us if you need one in full."
)
# What was covered, beside the kinds of other people's words.
OWN_NUMBER = "own_number"
OWN_NUMBER_MARK = "••••"
_CATEGORIES = ("user.financial.bank_account", "user.financial.account_number", "user.financial.credit_card")
_SHOWN = 4
# An amount, a date or the name of a card is none: no sign but letters, digits, blanks and dashes, mostly digits.
_NUMBER = re.compile(r"\s*(?!\d{4}-\d\d-\d\d)(?=(?:[^0-9]*[0-9]){6})(?:[0-9A-Za-z][ -]?){8,34}\s*")


def account_number_fields(collection: Collection) -> frozenset[str]:
    """The fields of a collection whose values are numbers of accounts or cards."""
    return frozenset(each.name for each in collection.every_field() if _is_account_number(each))


@dataclass(frozen=True)
class NumbersAtWork:
    """The rule that covers them; it is part of a plan like the rules of staff."""

    fields: frozenset[str]
    reason_code: str = ACCOUNT_NUMBERS

    def withholds(self, _record: dict[str, Any]) -> bool:
        """No record stays for it."""
        return False

    def edits(self, record: dict[str, Any]) -> Iterator[Edit]:
        """All of each number but its end."""
        for leaf in leaves_of(record):
            if leaf.path in self.fields and leaf.place[-1] != NAME and _is_number(leaf.value):
                end = len(str(leaf.value).rstrip()) - _SHOWN
                yield Edit(leaf.place, OWN_NUMBER, self.reason_code, 0, end, shows_rest=True)


def _is_account_number(field: DataField) -> bool:
    return field.identity == "iban" or any(
        name == each or name.startswith(f"{each}.") for name in field.categories for each in _CATEGORIES
    )


def _is_number(value: Any) -> bool:
    is_written = isinstance(value, str | int) and not isinstance(value, bool)
    return is_written and _NUMBER.fullmatch(str(value)) is not None
