"""Sign-in at the company's own issuer by OpenID Connect: authorization code, PKCE, state and nonce; nothing is kept."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from requests_app.errors import BadInput, DomainError

SECONDS = 10
LEEWAY = 120
LARGEST = 256 * 1024
BEGUN_WITHIN = timedelta(minutes=10)
# Signatures by the issuer's key pair only: nothing that a client's secret, or nobody, could have signed.
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]


class SignInRefused(BadInput):
    """The answer of the sign-in cannot be used: cancelled, changed on its way, too old, or not for us."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__(
            _("The sign-in did not work, or took too long. Nothing has changed; you can try it again.")
        )


class SignInAway(DomainError):
    """The issuer does not answer, or not as one."""

    code = "sign_in_away"
    status = 502

    def __init__(self) -> None:
        super().__init__(_("The sign-in cannot be reached now. Try it later, or choose another way."))


class AddressDiffers(DomainError):
    """The account is not one of the request's address, or its address was never verified."""

    code = "address_differs"

    def __init__(self) -> None:
        super().__init__(
            _(
                "You signed in to an account with another mail address, or one whose address was never confirmed. "
                "Sign in to the account that has the address of this request, or choose another way."
            )
        )


@dataclass(frozen=True)
class Begun:
    """What this browser's session keeps between going to sign in and coming back; good once."""

    reference: str
    state: str
    nonce: str
    verifier: str
    until: float

    def kept(self) -> dict[str, Any]:
        """As the session keeps it."""
        return asdict(self)


def is_configured() -> bool:
    """Whether the company has said where its people sign in."""
    return bool(settings.SIGN_IN_ISSUER and settings.SIGN_IN_CLIENT_ID)


def begin(*, reference: str, redirect_uri: str, at: datetime) -> tuple[str, Begun]:
    """Return the address at which the person signs in, and what to keep until they are back. Raises SignInAway."""
    begun = Begun(
        reference=reference,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        until=(at + BEGUN_WITHIN).timestamp(),
    )
    address = prepare_grant_uri(
        _address(_discovered(), "authorization_endpoint"),
        client_id=settings.SIGN_IN_CLIENT_ID,
        response_type="code",
        redirect_uri=redirect_uri,
        scope="openid email",
        state=begun.state,
        nonce=begun.nonce,
        code_challenge=create_s256_code_challenge(begun.verifier),
        code_challenge_method="S256",
        # A browser that somebody else is signed in with proves nothing: the password is asked again.
        prompt="login",
    )
    return address, begun


def verified_address(answer: Mapping[str, str], *, begun: Begun, redirect_uri: str, at: datetime) -> str:
    """Return the verified mail address behind the issuer's answer. Raises SignInRefused, SignInAway, AddressDiffers."""
    if at.timestamp() >= begun.until or not hmac.compare_digest(
        answer.get("state", "").encode(), begun.state.encode()
    ):
        raise SignInRefused
    discovered = _discovered()
    if (
        "error" in answer
        or not answer.get("code")
        or answer.get("iss", discovered["issuer"]) != discovered["issuer"]
    ):
        raise SignInRefused
    token = _exchanged(discovered, answer["code"], begun, redirect_uri)
    claims = {**_claims(discovered, token, nonce=begun.nonce, at=at)}
    if "email" not in claims:
        claims |= _told_of(discovered, token, subject=str(claims["sub"]))
    if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
        raise AddressDiffers
    return cast(str, claims["email"])


def _exchanged(
    discovered: Mapping[str, Any], code: str, begun: Begun, redirect_uri: str
) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": settings.SIGN_IN_CLIENT_ID,
        "code_verifier": begun.verifier,
    }
    secret = settings.SIGN_IN_CLIENT_SECRET
    sign = (settings.SIGN_IN_CLIENT_ID, secret) if secret else None
    return _asked("POST", _address(discovered, "token_endpoint"), refused=SignInRefused, data=form, auth=sign)


def _claims(
    discovered: Mapping[str, Any], token: Mapping[str, Any], *, nonce: str, at: datetime
) -> Mapping[str, Any]:
    keys = _asked("GET", _address(discovered, "jwks_uri"))
    try:
        opened = jwt.decode(str(token["id_token"]), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        client = settings.SIGN_IN_CLIENT_ID
        claims = CodeIDToken(
            opened.claims,
            opened.header,
            options={
                "iss": {"essential": True, "value": discovered["issuer"]},
                "aud": {"essential": True, "value": client},
            },
            params={"nonce": nonce, "client_id": client, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
    except (KeyError, ValueError, JoseError, AuthlibBaseError) as wrong:
        raise SignInRefused from wrong
    return dict(claims)


def _told_of(discovered: Mapping[str, Any], token: Mapping[str, Any], *, subject: str) -> Mapping[str, Any]:
    """What the issuer says of the account where the token itself says no address; only of the same account."""
    bearer = {"Authorization": f"Bearer {token.get('access_token', '')}"}
    told = _asked("GET", _address(discovered, "userinfo_endpoint"), refused=SignInRefused, headers=bearer)
    # OpenID Connect Core 5.3.4: another subject's claims must not be used.
    if told.get("sub") != subject:
        raise SignInRefused
    return {key: told[key] for key in ("email", "email_verified") if key in told}


def _discovered() -> Mapping[str, Any]:
    issuer = settings.SIGN_IN_ISSUER.rstrip("/")
    found = _asked("GET", f"{issuer}/.well-known/openid-configuration")
    # OpenID Connect Discovery 4.3: a document that names another issuer is not that of ours.
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise SignInAway
    return found


def _address(discovered: Mapping[str, Any], name: str) -> str:
    """An endpoint of the issuer: encrypted, unless the issuer itself is one of this machine's."""
    address = str(discovered.get(name, ""))
    if urlsplit(address).scheme not in {"https", urlsplit(settings.SIGN_IN_ISSUER).scheme}:
        raise SignInAway
    return address


def _asked(
    verb: str, address: str, *, refused: type[DomainError] = SignInAway, **more: Any
) -> Mapping[str, Any]:
    try:
        answer = httpx.request(verb, address, timeout=SECONDS, follow_redirects=False, **more)
    except httpx.HTTPError as away:
        raise SignInAway from away
    if answer.status_code >= 500:
        raise SignInAway
    if answer.status_code != 200 or len(answer.content) > LARGEST:
        raise refused
    try:
        found = answer.json()
    except ValueError as wrong:
        raise SignInAway from wrong
    if not isinstance(found, dict):
        raise SignInAway
    return found
