"""A vendor's API on a real server, as strict as the vendor's published description of it.

`specs/<name>.yaml` holds what the description says of the operations we use: parameters with their types and
limits, which are required, bodies and answers as JSON schemas, and in `records` which definition the records of each
collection have. A call that it does not describe is answered as the vendor would, and noted in `broken`; so is an
answer of ours that is not as described, so that the data of a test cannot drift away from the vendor's either.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml
from jsonschema import Draft202012Validator

from tests.json_server import Answer, Asked

SECRET = "s3cr3t@:/%"
ANN, JOANN = "ann@club.example", "joann@club.example"
MANY = 130


@dataclass(frozen=True)
class Call:
    """A call that the description allows, with the values of its path."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    body: Any


Handler = Callable[[Any, Call], Answer]


def operation(name: str) -> Callable[[Handler], Handler]:
    """Mark the method that answers an operation, named `GET /path/{id}` as the description has it."""

    def mark(handler: Handler) -> Handler:
        handler.operation = name  # type: ignore[attr-defined]
        return handler

    return mark


class Vendor:
    """One vendor's system with Ann, and Joann, of whom nothing may come.

    Give the preset's name, the settings, what a search finds by collection, and a method for each operation.
    """

    name: ClassVar[str]
    settings: ClassVar[dict[str, Any]]
    counts: ClassVar[dict[str, int]]
    identity: ClassVar[tuple[str, str]] = ("email", ANN)
    limited: ClassVar[Answer] = Answer({}, status=429, headers={"Retry-After": "1"})
    handlers: ClassVar[dict[str, Handler]]

    def __init_subclass__(cls) -> None:
        found = (getattr(cls, name) for name in vars(cls))
        cls.handlers = {each.operation: each for each in found if hasattr(each, "operation")}

    def __init__(self) -> None:
        self.spec = yaml.safe_load((Path(__file__).parent / "specs" / f"{self.name}.yaml").read_text())
        self.broken: list[str] = []
        self.limit_next = False
        self.calls: list[str] = []
        self.now: Callable[[], float] = time.monotonic
        self.called_at: list[float] = []
        self.limited_at = 0.0

    def describes(self, collection: str, field: str) -> bool:
        """Whether the vendor's description has this field, a path with dots, in the records of a collection."""
        schema: Any = self.spec["definitions"][self.spec["records"][collection]]
        for part in field.split("."):
            found = re.search(r"#/definitions/(\w+)", str(schema)) if "properties" not in schema else None
            schema = self.spec["definitions"][found[1]] if found else schema
            schema = schema.get("properties", {}).get(part) or schema.get("additionalProperties")
            if not isinstance(schema, dict):
                return False
        return True

    def gone(self) -> bool:
        """Whether Ann is erased, as the vendor understands it, and Joann is not."""
        raise NotImplementedError

    def __call__(self, asked: Asked) -> Answer:
        name, values = self._operation(asked)
        self.calls.append(name or f"{asked.method} {asked.path}")
        self.called_at.append(self.now())
        header, wanted = self.spec["auth"]
        if asked.headers.get(header) != wanted:
            return Answer(self.spec.get("refusal", {}), status=self.spec.get("refused", 401))
        if self.limit_next:
            self.limit_next = False
            self.limited_at = self.now()
            return self.limited
        if name is None:
            return self._wrong("no such operation", asked, 404)
        described = self.spec["operations"][name] or {}
        problem = self._problem(described, asked)
        if problem:
            return self._wrong(problem, asked, 400)
        body = asked.json if asked.body and "json" in asked.headers.get("content-type", "") else None
        answer = self.handlers[name](self, Call(values, asked.query, asked.form, body))
        return self._as_described(described, answer, asked)

    def _operation(self, asked: Asked) -> tuple[str | None, dict[str, str]]:
        for name in self.spec["operations"]:
            method, path = name.split(" ", 1)
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
            found = re.fullmatch(self.spec.get("base", "") + pattern, asked.path)
            if found and method == asked.method:
                return name, found.groupdict()
        return None, {}

    def _problem(self, described: Mapping[str, Any], asked: Asked) -> str:
        """What the description has against a call; nothing when it allows it."""
        for header in self.spec.get("headers", ()):
            if header not in asked.headers:
                return f"without the header {header}"
        parameters = described.get("query", {})
        for name in described.get("required", ()):
            if name not in asked.query:
                return f"without the parameter {name}"
        for name, text in asked.query.items():
            if name not in parameters:
                return f"the parameter {name} is unknown"
            if wrong := self._unlike(parameters[name], _typed(parameters[name], text)):
                return f"the parameter {name}: {wrong}"
        if "body" in described:
            return self._unlike(described["body"], asked.json) if asked.body else "without a body"
        if "form" in described:
            return self._unlike(described["form"], dict(asked.form))
        return "a body that is not wanted" if asked.body else ""

    def _as_described(self, described: Mapping[str, Any], answer: Answer, asked: Asked) -> Answer:
        answers = described.get("answers", {})
        if answer.status >= 400:
            return answer
        if answer.status not in answers:
            return self._wrong(f"{answer.status} is no answer", asked, 500)
        schema = answers[answer.status]
        if schema is not None and (wrong := self._unlike(schema, json.loads(json.dumps(answer.body)))):
            return self._wrong(f"an answer unlike its description: {wrong}", asked, 500)
        return answer

    def _unlike(self, schema: Any, value: Any) -> str:
        whole = {**schema, "definitions": self.spec.get("definitions", {})}
        found = next(iter(Draft202012Validator(whole).iter_errors(value)), None)
        return found.message[:200] if found else ""

    def _wrong(self, why: str, asked: Asked, status: int) -> Answer:
        self.broken.append(f"{asked.method} {asked.path}: {why}")
        return Answer({"error": why}, status=status)


def _typed(schema: Mapping[str, Any], text: str) -> Any:
    if schema.get("type") == "integer":
        return int(text) if text.isdigit() else text
    if schema.get("type") == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text
