"""Sign-in at an issuer: believed only when everything fits, and only for the address of the request."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings

from requests_app.audit.models import AuditEntry
from requests_app.identity import oidc
from requests_app.identity.sign_in import accept_sign_in
from requests_app.identity.ways import ways_for
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from tests.issuer import CLIENT, SECRET, STRANGER, Issuer
from tests.proofs import SOON, by_ada, waiting

pytestmark = pytest.mark.django_db
BACK = "https://privacy.example.com/requests/yours/proof/signed-in/"


@pytest.fixture
def issuer(settings: Settings) -> Iterator[Issuer]:
    with Issuer() as issuer:
        settings.SIGN_IN_ISSUER = issuer.url
        settings.SIGN_IN_CLIENT_ID, settings.SIGN_IN_CLIENT_SECRET = CLIENT, SECRET
        yield issuer


def _address(issuer: Issuer, **changed: str) -> str:
    now = timezone.now()
    address, begun = oidc.begin(reference="OM-1", redirect_uri=BACK, at=now)
    answer = issuer.signed_in(address) | changed
    return oidc.verified_address(answer, begun=begun, redirect_uri=BACK, at=now)


def test_the_verified_address_of_the_account_comes_back(issuer: Issuer) -> None:
    assert _address(issuer) == "ada@example.org"


def test_an_address_that_only_userinfo_tells_is_taken(issuer: Issuer) -> None:
    issuer.lies = {"email": None, "email_verified": None}
    issuer.told = {"sub": "ada", "email": "ada@example.org", "email_verified": True}
    assert _address(issuer) == "ada@example.org"
    issuer.told["sub"] = "mallory"
    with pytest.raises(oidc.SignInRefused):
        _address(issuer)


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "another client": {"aud": "somebody-else"},
    "another nonce": {"nonce": "replayed"},
    "no nonce": {"nonce": None},
    "too old": {"exp": int(time.time()) - 3600},
    "not yet": {"nbf": int(time.time()) + 3600},
    "no subject": {"sub": None},
    "for others too": {"aud": [CLIENT, "other"], "azp": "other"},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_token_that_does_not_fit_is_refused(issuer: Issuer, lie: dict[str, Any]) -> None:
    issuer.lies = lie
    with pytest.raises(oidc.SignInRefused):
        _address(issuer)


@pytest.mark.parametrize("sign", ["none", "HS256"])
def test_a_token_that_the_issuers_key_did_not_sign_is_refused(issuer: Issuer, sign: str) -> None:
    issuer.sign = sign
    with pytest.raises(oidc.SignInRefused):
        _address(issuer)


def test_a_token_of_a_stranger_under_the_same_key_id_is_refused(issuer: Issuer) -> None:
    issuer.key = STRANGER
    with pytest.raises(oidc.SignInRefused):
        _address(issuer)


@pytest.mark.parametrize(
    "changed",
    [{"state": "forged"}, {"state": ""}, {"code": "guessed"}, {"error": "access_denied"}, {"iss": "evil"}],
)
def test_an_answer_that_was_changed_on_its_way_is_refused(issuer: Issuer, changed: dict[str, str]) -> None:
    with pytest.raises(oidc.SignInRefused):
        _address(issuer, **changed)


def test_a_code_without_the_verifier_of_this_session_is_worth_nothing(issuer: Issuer) -> None:
    now = timezone.now()
    address, _ours = oidc.begin(reference="OM-1", redirect_uri=BACK, at=now)
    _address2, theirs = oidc.begin(reference="OM-1", redirect_uri=BACK, at=now)
    answer = issuer.signed_in(address) | {"state": theirs.state}
    with pytest.raises(oidc.SignInRefused):
        oidc.verified_address(answer, begun=theirs, redirect_uri=BACK, at=now)


def test_ten_minutes_later_it_is_too_late(issuer: Issuer) -> None:
    now = timezone.now()
    address, begun = oidc.begin(reference="OM-1", redirect_uri=BACK, at=now)
    with pytest.raises(oidc.SignInRefused):
        oidc.verified_address(
            issuer.signed_in(address), begun=begun, redirect_uri=BACK, at=now + timedelta(minutes=10)
        )


@pytest.mark.parametrize("claim", [False, None, "true", 1])
def test_an_address_that_nobody_verified_is_no_proof(issuer: Issuer, claim: object) -> None:
    issuer.lies = {"email_verified": claim}
    with pytest.raises(oidc.AddressDiffers):
        _address(issuer)


@pytest.mark.parametrize(
    "discovery", [{"issuer": "https://evil.example"}, {"token_endpoint": "ftp://x"}, {"jwks_uri": ""}]
)
def test_an_issuer_that_is_not_ours_is_not_asked(issuer: Issuer, discovery: dict[str, str]) -> None:
    issuer.discovery = discovery
    with pytest.raises(oidc.SignInAway):
        _address(issuer)


def test_an_issuer_that_is_away_is_said_to_be(issuer: Issuer, settings: Settings) -> None:
    issuer.status = 503
    with pytest.raises(oidc.SignInAway):
        _address(issuer)
    settings.SIGN_IN_ISSUER = "http://127.0.0.1:1"
    with pytest.raises(oidc.SignInAway):
        _address(issuer)


def test_it_is_offered_only_where_it_is_set_up(issuer: Issuer, settings: Settings) -> None:
    def offered(asked: SubjectRequest) -> list[str]:
        return [each.method.key for each in ways_for(asked)]

    assert "signed_in_account" in offered(waiting("deletion"))
    # For a copy in California it is enough for the categories only.
    assert [each.only_lesser for each in ways_for(waiting()) if each.method.key == "signed_in_account"] == [
        True
    ]
    settings.SIGN_IN_ISSUER = ""
    assert "signed_in_account" not in offered(waiting("deletion"))


def test_a_sign_in_of_the_requests_address_gives_the_reasonable_level(issuer: Issuer) -> None:
    asked = waiting("deletion")
    done = accept_sign_in(subject_request_id=asked.pk, address="Ada@Example.org", by=by_ada(asked), at=SOON)
    assert (done.identity_level, done.state) == (IdentityLevel.REASONABLE, S.IN_REVIEW)
    assert not done.verifications.get().evidence.exists()


def test_a_sign_in_of_another_address_is_told_so_and_recorded_without_it(issuer: Issuer) -> None:
    asked = waiting("deletion")
    with pytest.raises(oidc.AddressDiffers):
        accept_sign_in(subject_request_id=asked.pk, address="bob@example.org", by=by_ada(asked), at=SOON)
    assert SubjectRequest.objects.get(pk=asked.pk).identity_level == IdentityLevel.CHANNEL
    assert "bob" not in AuditEntry.objects.get(event="proof.did_not_match").facts


def test_a_provider_that_others_wrote_signs_people_in(settings: Settings) -> None:
    """oidc-provider-mock as a process of its own."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    claims = '{"sub": "ada", "email": "ada@example.org", "email_verified": true}'
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--user-claims", claims]
    provider = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    settings.SIGN_IN_ISSUER = f"http://127.0.0.1:{port}"
    settings.SIGN_IN_CLIENT_ID, settings.SIGN_IN_CLIENT_SECRET = CLIENT, SECRET
    try:
        _wait_for(settings.SIGN_IN_ISSUER)
        now = timezone.now()
        address, begun = oidc.begin(reference="OM-1", redirect_uri=BACK, at=now)
        gone_back = httpx.post(address, data={"sub": "ada"})
        answer = dict(re.findall(r"[?&]([a-z]+)=([^&]+)", gone_back.headers["Location"]))
        found = oidc.verified_address(answer, begun=begun, redirect_uri=BACK, at=timezone.now())
    finally:
        provider.terminate()
        provider.wait(timeout=20)
    assert found == "ada@example.org"


def _wait_for(url: str) -> None:
    for _ in range(150):
        try:
            httpx.get(f"{url}/.well-known/openid-configuration")
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("The provider did not start.")
