"""All the evidence of a request as values, out of what each part of the product knows."""

from datetime import datetime
from typing import Any

from fulfillment.evidence import document as d
from fulfillment.evidence import of_case, of_outgoing, of_review, of_work
from requests_app.encryption.signing import own_public_key
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY


def gathered(asked: SubjectRequest, chain: d.Chain, *, at: datetime) -> d.Evidence:
    """Everything but the list of the other files, which is not known yet."""
    key = own_public_key()
    return d.Evidence.model_validate(
        {
            "format": d.FORMAT,
            "version": d.VERSION,
            "reference": asked.reference,
            "right": asked.right,
            "law": asked.regime,
            "place": asked.place,
            "controller": COMPANY.controller,
            "state": asked.state,
            "outcome": asked.outcome,
            "closed_at": asked.closed_at,
            "made_at": at,
            **_case(asked),
            **_work(asked),
            "chain": chain,
            "signed_by": d.SignedBy(algorithm="Ed25519", key_id=key.key_id, public_key=key.text),
        }
    )


def _case(asked: SubjectRequest) -> dict[str, Any]:
    return {
        "arrived": of_case.arrived(asked),
        "said_since": of_case.said_since(asked),
        "clock_events": of_case.clock_events(asked),
        "clocks": of_case.clocks(asked),
        "moved_dates": of_case.moved_dates(asked),
        "identity_level": asked.identity_level,
        "proofs": of_case.proofs(asked),
        "codes": of_case.codes(asked),
        "identities": of_review.identities(asked),
        "decisions": of_case.decisions(asked),
        "questions": of_case.questions(asked),
        "messages": of_outgoing.messages(asked),
        "letters": of_outgoing.letters(asked),
    }


def _work(asked: SubjectRequest) -> dict[str, Any]:
    return {
        "runs": of_work.runs(asked),
        "owner_tasks": of_review.owner_tasks(asked),
        "sweeps": of_review.sweeps(asked),
        "review": of_review.review(asked),
        "suggested": of_review.suggested(asked),
        "looks_beforehand": of_review.looks_beforehand(asked),
        "changes": of_work.changes(asked),
        "told": of_outgoing.told(asked),
        "bundles": of_work.bundles(asked),
        "transmissions": of_outgoing.transmissions(asked),
    }
