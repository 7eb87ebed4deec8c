"""The company behind the pages: its facts as typed values, read once from `omnesoft.yaml`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

import yaml
from pydantic import ConfigDict, TypeAdapter

from requests_app.policy.four_eyes import FourEyesRule
from requests_app.policy.keeping import Keeping
from requests_app.policy.reminding import Reminding


class _Exact:
    """Refuses a key the shape does not know, so that a typing slip in the YAML stops start-up."""

    __pydantic_config__ = ConfigDict(extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class Contact(_Exact):
    """How a person reaches the privacy office."""

    mail: str
    phone: str
    hours: str
    post: str

    @property
    def phone_link(self) -> str:
        """The number as a tel: link wants it."""
        return "tel:" + "".join(mark for mark in self.phone if mark.isdigit() or mark == "+")


@dataclass(frozen=True, slots=True)
class Category(_Exact):
    """One kind of personal information the policy names."""

    key: str
    label: str
    group: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group(_Exact):
    """Where a set of categories comes from."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Purpose(_Exact):
    """One reason for which information is used, and what makes that lawful in the EEA and the UK."""

    key: str
    label: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named(_Exact):
    """A key and the words a person reads for it: a legal basis, a recipient."""

    key: str
    label: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise(_Exact):
    """A right the policy grants, in the policy's own terms."""

    key: str
    label: str
    promise: str


@dataclass(frozen=True, slots=True)
class Company(_Exact):
    """Everything the product says about the company whose requests it answers."""

    brand: str
    controller: str
    country: str
    time_zone: str
    products: tuple[str, ...]
    contact: Contact
    policy_version: str
    waiting_period_days: int
    groups: tuple[Group, ...]
    categories: tuple[Category, ...]
    bases: tuple[Named, ...]
    purposes: tuple[Purpose, ...]
    recipients: tuple[Named, ...]
    rights: tuple[Promise, ...]
    lifting_notice_days: int
    retention: str
    transfers: str
    employer: str
    children: str
    reminders: Reminding
    keeping: Keeping
    four_eyes: tuple[FourEyesRule, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the office: when its day begins."""
        return ZoneInfo(self.time_zone)

    def category(self, key: str) -> Category:
        """The category with this key; KeyError when the policy knows none."""
        return _by_key(self.categories, key)

    def purpose(self, key: str) -> Purpose:
        """The purpose with this key; KeyError when the policy knows none."""
        return _by_key(self.purposes, key)

    def recipient(self, key: str) -> Named:
        """The recipient with this key; KeyError when the policy knows none."""
        return _by_key(self.recipients, key)

    def basis(self, key: str) -> Named:
        """The legal basis with this key; KeyError when the policy knows none."""
        return _by_key(self.bases, key)

    def categories_by_group(self) -> list[tuple[Group, list[Category]]]:
        """The categories under the place they come from, in the policy's order."""
        return [
            (group, [each for each in self.categories if each.group == group.key]) for group in self.groups
        ]


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


_Found = TypeVar("_Found", bound=_Keyed)


def _by_key(values: Sequence[_Found], key: str) -> _Found:
    for value in values:
        if value.key == key:
            return value
    raise KeyError(key)


def read_company(path: Path) -> Company:
    """Read a company's facts; raises pydantic's ValidationError that names the line of a wrong value."""
    with path.open(encoding="utf-8") as file:
        company = TypeAdapter(Company).validate_python(yaml.safe_load(file))
    _refuse_loose_ends(company)
    return company


def _refuse_loose_ends(company: Company) -> None:
    groups = {group.key for group in company.groups}
    bases = {basis.key for basis in company.bases}
    loose = [each.key for each in company.categories if each.group not in groups]
    loose += [each.key for each in company.purposes if not set(each.bases) <= bases]
    if loose:
        raise ValueError(
            f"The policy file names a group or legal basis it does not define, at: {', '.join(loose)}."
        )


COMPANY = read_company(Path(__file__).with_name("omnesoft.yaml"))
