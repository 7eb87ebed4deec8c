"""Which actor may make which move."""

from requests_app.audit.actors import Actor, ActorKind
from requests_app.lifecycle.moves import FACTS, Move
from requests_app.roles import permissions_of, roles_with


def not_permitted(move: Move, by: Actor) -> str | None:
    """Why this actor may not make the move, as a sentence, or None when they may."""
    facts = FACTS[move]
    if by.kind not in facts.kinds:
        return "This step is not taken from here: it follows by itself, or belongs to somebody else."
    if by.kind is not ActorKind.STAFF or facts.permission is None:
        return None
    if facts.permission in permissions_of(by.roles):
        return None
    holders = ", ".join(sorted(str(role.label) for role in roles_with(facts.permission)))
    return f"Your role does not allow this. It is for: {holders}."
