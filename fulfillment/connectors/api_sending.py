"""Sending one change to an API: made once, asked after when no answer came, made again only where that is safe."""

import hmac
from dataclasses import dataclass, replace
from hashlib import sha256

import httpx

from fulfillment.connectors.api_filling import filled_path, outgoing
from fulfillment.connectors.api_targets import Search, Target
from fulfillment.connectors.api_verdict import Nobody, refuse_failure
from fulfillment.connectors.changing import Operation, Verdict
from fulfillment.connectors.errors import ConnectorError, Fatal, Retryable, Undecided
from fulfillment.connectors.exchange import Failed, Garbled, NotThere, Outgoing, Renew
from fulfillment.connectors.http import ApiClient
from fulfillment.connectors.records import value_at
from fulfillment.datamaps.api_changes import Told, Verb

_SAFE_TO_REPEAT = frozenset({"PUT", "DELETE"})


class Untold(Undecided):
    """A call may or may not have worked, and the source cannot tell."""


class Unasked(Retryable):
    """A call may or may not have worked, and the source cannot be asked at this moment."""


@dataclass(frozen=True)
class Sending:
    """Sends the changes of one order."""

    search: Search
    client: ApiClient

    def until_done(self, target: Target) -> None:
        """Make the call until it is known to have worked. Raises Untold, Unasked and other ConnectorErrors."""
        attempt, renew = 1, True
        while True:
            try:
                self._send(target, renew=renew)
                break
            except Renew:
                renew = False
            except Nobody:
                break
            except NotThere:
                if self.told(target) is not Verdict.DONE:
                    raise Fatal(
                        f"{self.client.name} has no such record of {target.collection} to change."
                    ) from None
                break
            except Garbled:
                if self._is_done(target):
                    break
                raise
            except Failed as failure:
                if failure.sent and self._is_done(target):
                    break
                attempt += not failure.told
                self.client.wait_after(failure, attempt)

    def _is_done(self, target: Target) -> bool:
        """Whether a call that was sent worked. Raises Untold and Unasked."""
        verdict = self.told(target)
        if verdict is Verdict.UNKNOWN:
            raise self.untold(target) from None
        return verdict is Verdict.DONE

    def _send(self, target: Target, *, renew: bool) -> None:
        verb = target.verb
        while verb is not None:
            call = self._named(outgoing(verb, target.filling, self.client.base_url), target, verb)
            reply = self.client.once(call, expects=frozenset({*verb.expects, *verb.already}), renew=renew)
            if verb.verdict is not None and reply.status in verb.expects:
                refuse_failure(reply, verb.verdict)
            verb = verb.then

    def _named(self, call: Outgoing, target: Target, verb: Verb) -> Outgoing:
        """The call under a name that is the same whenever it is made again, where the API takes one."""
        once = self.search.data_map.api.once_header if self.search.data_map.api else None
        if once is None:
            return call
        text = f"{target.id} {verb.method} {verb.path}"
        key = hmac.new(self.search.order.key.encode(), text.encode(), sha256).hexdigest()
        return replace(call, headers={**call.headers, once: key})

    def told(self, target: Target) -> Verdict:
        """Ask whether a change that may have been sent became final; nobody guesses. Raises Unasked."""
        verb = target.verb
        if verb is None:
            return Verdict.UNKNOWN
        try:
            if verb.told is not None:
                return self._looked_up(verb.told, target)
            if self.search.order.operation is Operation.ERASE and not verb.slow and verb.then is None:
                still = any(each.id == target.id for each in self.search.found(self.client).targets)
                return Verdict.NOT_DONE if still else Verdict.DONE
        except Retryable as failure:
            raise Unasked(str(failure), retry_after=failure.retry_after) from None
        except ConnectorError:
            return Verdict.UNKNOWN
        once = self.search.data_map.api is not None and self.search.data_map.api.once_header is not None
        return Verdict.NOT_DONE if once or verb.method in _SAFE_TO_REPEAT else Verdict.UNKNOWN

    def _looked_up(self, told: Told, target: Target) -> Verdict:
        call = Outgoing("GET", filled_path(told.path, target.filling, self.client.base_url))
        try:
            reply = self.client.ask(call, expects=frozenset({httpx.codes.OK, *told.gone}))
        except NotThere:
            return Verdict.NOT_DONE if told.gone else Verdict.UNKNOWN
        if reply.status in told.gone:
            return Verdict.DONE
        answer = reply.json()
        holds = told.holds and all(value_at(answer, path) == value for path, value in told.holds.items())
        return Verdict.DONE if holds else Verdict.NOT_DONE

    def untold(self, target: Target) -> Untold:
        """What is said of a record of which nobody can tell."""
        return Untold(
            f"{self.client.name} broke off while {target.collection} were changed and cannot say whether one "
            "record was. Look there, and say how it stands."
        )
