"""A register that refuses changes from some point on, and a deletion that meets it."""

from typing import Any

import yaml

from fulfillment.connectors.contract.register import register_map
from fulfillment.sources.connect import connect_source
from requests_app.lifecycle.models import SubjectRequest
from tests.contracts.test_changing import REGISTER_API, RegisterService
from tests.factories import NOON, SYSTEM
from tests.fulfillment.changes.by_connector.shop import erasing, work
from tests.json_server import Answer, Asked, JsonServer


class Strict(JsonServer):
    """A register that answers `refusal` to every change once it has made `most`; hands out tokens, too."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.service = RegisterService()
        self.refusal, self.most = 0, 0
        self.changes: list[str] = []
        self.refused: list[str] = []
        self.tokens = 0

    def _answer(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            self.tokens += 1
            return Answer({"access_token": f"t{self.tokens}", "expires_in": 3600})
        if asked.method == "GET":
            return self.service(asked)
        call = f"{asked.method} {asked.path}"
        if self.refusal and len(self.changes) >= self.most:
            self.refused.append(call)
            wait = {"Retry-After": "3600"} if self.refusal in {429, 503} else {}
            return Answer(status=self.refusal, headers=wait)
        self.changes.append(call)
        return self.service(asked)


def refused_deletion(strict: Strict, refusal: int, *, most: int = 0, auth: Any = None) -> SubjectRequest:
    """A deletion that was approved while all was well; then the register refuses."""
    api = {**REGISTER_API, "auth": auth} if auth else REGISTER_API
    secrets = {"client_id": "us", "client_secret": "hush"} if auth else {}
    connect_source(
        key="register",
        kind="rest_api",
        label="Register",
        settings={"base_url": strict.url, **secrets},
        map_yaml=yaml.safe_dump(register_map(api=api), sort_keys=False),
        by=SYSTEM,
        at=NOON,
    )
    asked = erasing()
    strict.refusal, strict.most = refusal, most
    return work(asked)
