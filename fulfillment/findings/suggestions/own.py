"""What is the person's own, so that it is never suggested: what was accepted, and what they said themselves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from fulfillment.findings.decisions.models import Kind
from fulfillment.findings.suggestions.found import Found
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.rules import bears_another_name, is_shared_mailbox, plain_value
from fulfillment.identities.selectors import identities_of
from fulfillment.identities.states import Doubt, IdentityState
from fulfillment.traces.folding import exact
from fulfillment.traces.person import Form, Identifier
from fulfillment.traces.phones import phone_number
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY


@dataclass
class Own:
    """Identifiers in the spelling in which they are compared."""

    name: str = field(repr=False)
    emails: set[str] = field(default_factory=set, repr=False)
    phones: set[str] = field(default_factory=set, repr=False)
    ibans: set[str] = field(default_factory=set, repr=False)
    others: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set), repr=False)

    def has(self, found: Found, text: str) -> bool:
        """Whether what was found is the person's, or a mailbox that is nobody's alone."""
        words = text[found.start : found.end]
        if found.kind == Kind.EMAIL:
            return exact(words) in self.emails or is_shared_mailbox(words)
        if found.kind == Kind.PHONE:
            number = phone_number(words)
            return number is not None and number.national in self.phones
        if found.kind == Kind.IBAN:
            return _compact(words) in self.ibans
        return self.is_own_name(words)

    def is_own_name(self, words: str) -> bool:
        """Whether a name may be the person's: all of its words, or all of theirs."""
        return not bears_another_name(words, self.name)

    def bears(self, kind: str, value: str) -> bool:
        """Whether a value of a field that holds identities is one of the person's."""
        form = Identifier(kind, value).form
        if form is Form.EMAIL:
            return exact(value.strip()) in self.emails
        if form is Form.PHONE:
            number = phone_number(value)
            return number is not None and number.national in self.phones
        if form is Form.IBAN:
            return _compact(value) in self.ibans
        return plain_value(kind, value) in self.others.get(kind, ())


def own_of(subject_request: SubjectRequest) -> Own:
    """What the person of a request is known by, accepted or said by themselves; what was refused is a stranger's."""
    own = Own(subject_request.subject_name)
    own.emails |= {exact(subject_request.subject_email.strip()), exact(COMPANY.contact.mail)}
    for identity in _known(identities_of(subject_request)):
        form = Identifier(identity.kind, identity.value).form
        if form is Form.EMAIL:
            own.emails.add(exact(identity.value.strip()))
        elif form is Form.PHONE:
            number = phone_number(identity.value)
            own.phones |= {number.national} if number else set()
        elif form is Form.IBAN:
            own.ibans.add(_compact(identity.value))
        else:
            own.others[identity.kind].add(plain_value(identity.kind, identity.value))
    return own


def _known(identities: Iterable[KnownIdentity]) -> Iterable[KnownIdentity]:
    said = (Doubt.NONE, Doubt.SELF_SAID)
    for each in identities:
        if each.is_accepted or (each.state == IdentityState.PROPOSED and each.doubt in said):
            yield each


def _compact(written: str) -> str:
    return "".join(mark for mark in written.upper() if mark.isalnum())
