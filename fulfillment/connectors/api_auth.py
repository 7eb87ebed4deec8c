"""Credentials of an API: put on each call, and renewed where they expire; never in a log or a sentence."""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from pydantic import SecretStr

from fulfillment.connectors.errors import Fatal, NotConfigured
from fulfillment.connectors.exchange import NotThere, Outgoing
from fulfillment.connectors.http import ApiClient, Credentials
from fulfillment.connectors.memory import Kept
from fulfillment.datamaps.api_auth import Auth, BasicAuth, BearerAuth, KeyAuth, OAuth2

# A token is not used in its last seconds: the call would arrive when it is over.
EARLY_SECONDS = 30.0
WITHOUT_A_TERM_SECONDS = 3600.0
SLOT = "oauth2"
# The codes of RFC 6749 5.2: they may be shown, whatever else a token endpoint says may not.
_OAUTH_CODES = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)
_ANSWERED = frozenset({200, 201, 400, 401, 403})
_SECRETS = {
    "bearer": ("token",),
    "key": ("token",),
    "basic": ("password",),
    "oauth2": ("client_id", "client_secret"),
    "none": (),
}

Secrets = Mapping[str, SecretStr | str | None]


def wanted_settings(auth: Auth) -> tuple[str, ...]:
    """The names of the settings without which a way of signing in does not work."""
    names: tuple[str, ...] = _SECRETS[auth.kind]
    if isinstance(auth, BasicAuth) and auth.user is None:
        names = ("user", *names)
    if isinstance(auth, OAuth2) and auth.grant == "refresh_token":
        names = (*names, "refresh_token")
    return names


def credentials_for(auth: Auth, secrets: Secrets) -> Credentials:
    """What lets us in, made of the map's way and the settings' secrets."""
    if isinstance(auth, BearerAuth):
        return _InHeader("authorization", f"Bearer {_plain(secrets, 'token')}")
    if isinstance(auth, KeyAuth):
        value = f"{auth.prefix}{_plain(secrets, 'token')}"
        return _InHeader(auth.name, value) if auth.place == "header" else _InQuery(auth.name, value)
    if isinstance(auth, BasicAuth):
        user = auth.user if auth.user is not None else _plain(secrets, "user")
        return _InHeader("authorization", _basic(user, _plain(secrets, "password")))
    if isinstance(auth, OAuth2):
        return _OAuth(auth, secrets)
    return _Nothing()


def _plain(secrets: Secrets, name: str) -> str:
    held = secrets.get(name)
    return held.get_secret_value() if isinstance(held, SecretStr) else held or ""


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class _Fixed:
    """Credentials that nothing can renew."""

    def renewed(self, _refused: Outgoing, _client: ApiClient) -> bool:
        """There are no others."""
        return False


class _Nothing(_Fixed):
    def signed(self, call: Outgoing, _client: ApiClient) -> Outgoing:
        """The call as it is."""
        return call


@dataclass(frozen=True)
class _InHeader(_Fixed):
    name: str
    value: str = field(repr=False)

    def signed(self, call: Outgoing, _client: ApiClient) -> Outgoing:
        """The call with the header."""
        return replace(call, headers={**call.headers, self.name: self.value})


@dataclass(frozen=True)
class _InQuery(_Fixed):
    name: str
    value: str = field(repr=False)

    def signed(self, call: Outgoing, _client: ApiClient) -> Outgoing:
        """The call with the parameter."""
        return replace(call, url=call.url.copy_set_param(self.name, self.value))


@dataclass(frozen=True)
class _OAuth:
    """A token shared by all who talk to the source; one of them at a time fetches the next (RFC 6749)."""

    auth: OAuth2
    secrets: Secrets = field(repr=False)

    def signed(self, call: Outgoing, client: ApiClient) -> Outgoing:
        """The call with the token in force, fetched when there is none."""
        held = client.memory.recall(SLOT)
        if not self._is_good(held):
            held = self._fetched(client, refused=None)
        return call.with_headers(authorization=f"Bearer {held['access_token']}")

    def renewed(self, refused: Outgoing, client: ApiClient) -> bool:
        """Fetch another token, unless somebody else already has. Raises ConnectorError."""
        self._fetched(client, refused=refused.headers.get("authorization", ""))
        return True

    def _fetched(self, client: ApiClient, *, refused: str | None) -> Kept:
        with client.memory.slot(SLOT) as held:
            if not self._is_good(held) or f"Bearer {held['access_token']}" == refused:
                held.update(self._asked(client, held))
            return dict(held)

    def _is_good(self, held: Kept) -> bool:
        return (
            held.get("made_of") == self._made_of
            and isinstance(held.get("access_token"), str)
            and float(held.get("until", 0)) - EARLY_SECONDS > time.time()
        )

    @property
    def _made_of(self) -> str:
        """Changed settings make a kept token, and a kept refresh token, worthless."""
        names = ("client_id", "client_secret", "refresh_token")
        parts = [self.auth.model_dump_json(), *(_plain(self.secrets, name) for name in names)]
        return sha256("\0".join(parts).encode()).hexdigest()

    def _asked(self, client: ApiClient, held: Kept) -> Kept:
        ours = held if held.get("made_of") == self._made_of else {}
        refresh = ours.get("refresh_token") or _plain(self.secrets, "refresh_token")
        try:
            reply = client.ask(self._question(client, refresh), expects=_ANSWERED, signed=False)
        except NotThere:
            raise NotConfigured(f"{client.name} has no tokens at the address of its map.") from None
        given = reply.json()
        if reply.status >= httpx.codes.BAD_REQUEST:
            raise NotConfigured(f"{client.name} refuses the credentials of its settings{_code(given)}.")
        token = given.get("access_token") if isinstance(given, dict) else None
        if (
            not isinstance(token, str)
            or not token
            or str(given.get("token_type", "bearer")).lower() != "bearer"
        ):
            raise Fatal(f"{client.name} answered without a token.")
        return {
            "access_token": token,
            "until": time.time() + _term(given.get("expires_in")),
            "refresh_token": given.get("refresh_token") or ours.get("refresh_token"),
            "made_of": self._made_of,
        }

    def _question(self, client: ApiClient, refresh: str) -> Outgoing:
        form = {"grant_type": self.auth.grant, **self.auth.extra}
        if self.auth.grant == "refresh_token":
            form["refresh_token"] = refresh
        if self.auth.scope:
            form["scope"] = self.auth.scope
        user, password = _plain(self.secrets, "client_id"), _plain(self.secrets, "client_secret")
        headers = {"content-type": "application/x-www-form-urlencoded"}
        if self.auth.send == "basic":
            headers["authorization"] = _basic(quote(user, safe=""), quote(password, safe=""))
        else:
            form |= {"client_id": user, "client_secret": password}
        return Outgoing("POST", self._url(client), headers, urlencode(form).encode())

    def _url(self, client: ApiClient) -> httpx.URL:
        if self.auth.token_url.startswith("/"):
            return httpx.URL(str(client.base_url).rstrip("/") + self.auth.token_url)
        return httpx.URL(self.auth.token_url)


def _code(given: Any) -> str:
    said = given.get("error") if isinstance(given, dict) else None
    return f" ({said})" if said in _OAUTH_CODES else ""


def _term(given: Any) -> float:
    try:
        seconds = float(given)
    except (TypeError, ValueError):
        return WITHOUT_A_TERM_SECONDS
    return seconds if 0 < seconds < 10 * 366 * 86_400 else WITHOUT_A_TERM_SECONDS
