"""Run as a process of its own: a person, then records, a JSON line each; for each record what was found, as a line.

Packed values come from outside and may be made to hurt: memory and processor time are limited, and there is nothing
in this process that would be worth having.
"""

import base64
import json
import resource
import sys
from typing import Any

from fulfillment.traces.person import Identifier, KnownPerson
from fulfillment.traces.record import LookedAt, look_at_record

MEMORY_BYTES = 768 * 1024 * 1024


def main() -> None:
    """Answer line by line until there is no more."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    about = json.loads(sys.stdin.buffer.readline())
    known = [Identifier(**each) for each in about["identifiers"]]
    person = KnownPerson(tuple(known), about["plus_is_same"])
    for line in sys.stdin.buffer:
        record = {name: _value(each) for name, each in json.loads(line).items()}
        answer = json.dumps(_answer(look_at_record(record, person), known))
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _value(written: Any) -> Any:
    if isinstance(written, dict) and written.keys() == {"$base64"}:
        return base64.b64decode(written["$base64"])
    return written


def _answer(seen: LookedAt, known: list[Identifier]) -> dict[str, Any]:
    return {
        "kind": seen.kind,
        "cut": seen.cut,
        "hits": [
            {
                "identifier": known.index(hit.identifier),
                "column": hit.column,
                "way": hit.way,
                "decoders": hit.decoders,
                "is_whole": hit.is_whole,
                "words": hit.words,
            }
            for hit in seen.hits
        ],
    }


if __name__ == "__main__":
    main()
