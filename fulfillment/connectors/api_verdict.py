"""Answers that say 200 and mean no: read as the map says where the API tells."""

from typing import Any

from fulfillment.connectors.errors import Fatal, NotConfigured
from fulfillment.connectors.exchange import Failed, Reply
from fulfillment.connectors.http import WAIT_WHEN_NOT_TOLD_SECONDS
from fulfillment.datamaps.api_question import ApiVerdict

# What Slack, GraphQL servers and others call credentials that do not do.
_REFUSES_US = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "ACCESS_DENIED"}
)


class Nobody(Exception):
    """The API says that it knows nobody of this kind."""


def refuse_failure(reply: Reply, verdict: ApiVerdict | None) -> None:
    """Refuse an answer that is none. Raises Nobody, Failed, NotConfigured and Fatal."""
    if verdict is None:
        return
    answer = reply.json()
    failed = verdict.ok is not None and not _at(answer, verdict.ok)
    failed = failed or (verdict.errors is not None and bool(_at(answer, verdict.errors)))
    if not failed:
        return
    code = str(_at(answer, verdict.code) or "") if verdict.code else ""
    if code in verdict.nobody:
        raise Nobody
    if code in verdict.wait:
        raise Failed(f"{reply.name} asks us to wait.", retry_after=WAIT_WHEN_NOT_TOLD_SECONDS, told=True)
    if code in _REFUSES_US:
        raise NotConfigured(f"{reply.name} refuses the credentials of its settings ({code}).")
    raise Fatal(f"{reply.name} does not do what it is asked{_shown(code)}.")


def _at(answer: Any, path: str) -> Any:
    """The value at a path; of a list, in its first element."""
    for part in path.split("."):
        if isinstance(answer, list):
            answer = answer[0] if answer else None
        if not isinstance(answer, dict):
            return None
        answer = answer.get(part)
    return answer


def _shown(code: str) -> str:
    """A code may be shown when it is a word: a sentence of the source might name a person."""
    plain = code.isascii() and len(code) <= 60 and code.replace("_", "").isalnum()
    return f" (it said {code})" if plain and code else ""
