"""An OpenID Connect issuer on this machine whose every word a test can turn into a lie."""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.json_server import Answer, Asked, JsonServer

CLIENT, SECRET = "omne-dsar", "a secret of the client"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
STRANGER = RSAKey.generate_key(2048, {"kid": "one"})


class Issuer(JsonServer):
    """Answers as the standard wants; `lies` replaces claims, `told` the answer of userinfo, `sign` how it signs."""

    def __init__(self) -> None:
        super().__init__(self._decide)
        self.lies: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.sign = "RS256"
        self.key = KEY
        self.status = 200
        self._codes: dict[str, Mapping[str, str]] = {}

    def signed_in(self, address: str, code: str = "code-1") -> dict[str, str]:
        """What the browser brings back once somebody signed in at the address that we sent it to."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def _decide(self, asked: Asked) -> Answer:
        if self.status != 200:
            return Answer({"error": "server_error"}, status=self.status)
        if asked.path.endswith("openid-configuration"):
            return Answer(self._configuration() | self.discovery)
        if asked.path == "/keys":
            return Answer({"keys": [KEY.as_dict(private=False)]})
        if asked.path == "/userinfo":
            is_known = asked.headers.get("authorization") == "Bearer access"
            return Answer(self.told, status=200 if is_known else 401)
        return self._token(asked)

    def _configuration(self) -> dict[str, Any]:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        found = {name: f"{self.url}/{path}" for name, path in names.items()}
        return {"issuer": self.url, "userinfo_endpoint": f"{self.url}/userinfo", **found}

    def _token(self, asked: Asked) -> Answer:
        begun = self._codes.pop(asked.form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if begun is None or asked.headers.get("authorization") != f"Basic {basic}":
            return Answer({"error": "invalid_grant"}, status=400)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(asked.form["code_verifier"].encode()).digest())
        if challenge.rstrip(b"=").decode() != begun["code_challenge"]:
            return Answer({"error": "invalid_grant"}, status=400)
        return Answer({"access_token": "access", "token_type": "Bearer", "id_token": self._id_token(begun)})

    def _id_token(self, begun: Mapping[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "ada",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
            "email": "ada@example.org",
            "email_verified": True,
        } | self.lies
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.sign == "none":
            parts = (b'{"alg":"none"}', json.dumps(claims).encode())
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        if self.sign == "HS256":
            key = OctKey.import_key(SECRET.encode() * 2)
            return jwt.encode({"alg": "HS256"}, claims, key)
        return jwt.encode({"alg": self.sign, "kid": "one"}, claims, self.key)
