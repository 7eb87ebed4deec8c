"""What every proof of identity declares, and the registry that finds them."""

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise

from requests_app.identity.uploads import CheckedFile
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.registry import Registry

Text = str | Promise


class Proves(StrEnum):
    """What a proof is about."""

    WHO = "who"  # that the person is who they say
    STANDING = "standing"  # that somebody may ask for the person


class Given(StrEnum):
    """How a person gives it."""

    BY_CODE = "by_code"
    BY_FORM = "by_form"
    ELSEWHERE = "elsewhere"  # at the company's sign-in


@dataclass(frozen=True)
class Material:
    """What a person gave: answers and perhaps a file, both to be sealed."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    file: CheckedFile | None = None


class Method(ABC):
    """A way to prove who somebody is, or that they may ask for somebody.

    `reaches` is the most it can give. A method that people compare brings a form for the person, one for the staff,
    and says what the staff's marks are worth. The rest (rows, sealing, deleting, recording) is not its business.
    """

    key: ClassVar[str]
    label: ClassVar[Text]
    hint: ClassVar[Text]
    reaches: ClassVar[IdentityLevel]
    proves: ClassVar[Proves] = Proves.WHO
    given: ClassVar[Given] = Given.BY_FORM
    # What need not be shown, and must not be asked for.
    may_cover: ClassVar[Text] = ""
    position: ClassVar[int]
    days_kept: ClassVar[int] = 30
    gone_at_decision: ClassVar[bool] = False

    def is_ready(self) -> bool:
        """Whether this installation can use it."""
        return True

    def is_for(self, subject_request: SubjectRequest) -> bool:
        """Whether it makes sense for this request."""
        return True

    def reach(self, asked: Mapping[str, Any]) -> IdentityLevel:
        """The most it can give when this is asked."""
        return self.reaches

    def person_form(
        self, subject_request: SubjectRequest, asked: Mapping[str, Any], **sent: Any
    ) -> forms.Form:
        """What the person fills in."""
        raise NotImplementedError

    def material(self, form: forms.Form) -> Material:
        """What a valid form of the person holds."""
        raise NotImplementedError

    def answers_in_words(self, answers: Mapping[str, Any]) -> list[tuple[Text, str]]:
        """The answers as the staff read them."""
        return []

    def staff_form(self, answers: Mapping[str, Any], **sent: Any) -> forms.Form:
        """What the staff mark when they compare."""
        raise NotImplementedError

    def worth(self, form: forms.Form, answers: Mapping[str, Any]) -> IdentityLevel:
        """The level that the marks of a valid staff form give; NONE when they give none."""
        raise NotImplementedError


METHODS: Registry[Method] = Registry(
    noun="proof of identity",
    package="requests_app.identity.methods",
    attribute="METHOD",
    group="omne_dsar.identity_methods",
)


def method(key: str) -> Method:
    """The method with this key. Raises NotRegistered."""
    return METHODS.get(key)


def methods() -> list[Method]:
    """Every method, the least intrusive first."""
    return sorted(METHODS, key=lambda each: each.position)
