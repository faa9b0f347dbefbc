"""The provider of single sign-on: where one is sent, and what it says of who comes back (OpenID Connect Core 1.0)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from config import Config
from news.errors import BantinError
from news.sso import Errand

# With a key of the provider's own alone: what is signed with our shared secret, or not at all, is refused.
_SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
_SCOPE = "openid profile email"
_TIMEOUT = 10.0  # seconds for an answer of the provider
_BELIEVED = timedelta(hours=1)  # so long its description holds, and its keys unless it names another
_AGAIN = timedelta(minutes=1)  # not more often are its keys looked up for one that is not among them
_LEEWAY = 60  # seconds that its clock may be off


class NotVouched(BantinError):
    """The provider cannot be asked, or what it says does not hold."""


class Provider:
    """One provider, as its discovery document describes it. Its operations wait for it: call them in a thread."""

    def __init__(self, config: Config, back: str) -> None:
        self._issuer = config.oidc_issuer
        self._client = (config.oidc_client_id, config.oidc_client_secret)
        self._back = back
        self._told: Mapping[str, Any] = {}
        self._told_at: datetime | None = None
        self._keys: KeySet | None = None
        self._keys_at: datetime | None = None

    def errand(self, browser: str, onward: str, now: datetime) -> tuple[str, Errand]:
        """Where to send somebody, and what must be known when they come back. Raises NotVouched."""
        token = secrets.token_urlsafe
        errand = Errand(token(32), browser, token(32), token(48), onward)
        with self._session() as session:
            endpoint = self._description(session, now).get("authorization_endpoint", "")
            address, _ = session.create_authorization_url(
                endpoint, state=errand.state, code_verifier=errand.verifier, nonce=errand.nonce
            )
        return str(address), errand

    def claims(self, code: str, errand: Errand, now: datetime) -> dict[str, Any]:
        """Who came back, by the claims of the ID token. Raises NotVouched where any of it is not as it must be."""
        try:
            with self._session() as session:
                token = session.fetch_token(
                    self._description(session, now)["token_endpoint"], grant_type="authorization_code", code=code,
                    code_verifier=errand.verifier,
                )  # fmt: skip
                return self._verified(session, token, errand, now)
        except (AuthlibBaseError, JoseError, RequestException, KeyError, TypeError, ValueError) as error:
            raise _refused(error) from error

    def _verified(
        self, session: OAuth2Session, token: Mapping[str, Any], errand: Errand, now: datetime
    ) -> dict[str, Any]:
        try:
            found = jwt.decode(token["id_token"], self._key_set(session, now), algorithms=_SIGNATURES)
        except (JoseError, ValueError):
            if self._keys_at is None or now - self._keys_at < _AGAIN:
                raise
            self._keys_at = None  # it may have begun to sign with another key
            found = jwt.decode(token["id_token"], self._key_set(session, now), algorithms=_SIGNATURES)
        claims = CodeIDToken(
            found.claims, found.header,
            options={
                "iss": {"essential": True, "value": self._issuer}, "aud": {"essential": True, "value": self._client[0]},
            },
            params={"nonce": errand.nonce, "client_id": self._client[0], "access_token": token.get("access_token")},
        )  # fmt: skip
        claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
        return dict(claims)

    def _key_set(self, session: OAuth2Session, now: datetime) -> KeySet:
        if self._keys is None or self._keys_at is None or not timedelta() <= now - self._keys_at < _BELIEVED:
            answer = session.get(self._description(session, now)["jwks_uri"], withhold_token=True)
            answer.raise_for_status()
            self._keys, self._keys_at = KeySet.import_key_set(answer.json()), now
        return self._keys

    def _description(self, session: OAuth2Session, now: datetime) -> Mapping[str, Any]:
        if self._told_at is None or not timedelta() <= now - self._told_at < _BELIEVED:
            address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
            try:
                answer = session.get(address, withhold_token=True)
                answer.raise_for_status()
                told = answer.json()
                if told["issuer"] != self._issuer:
                    raise ValueError(f"it calls itself {told['issuer']!r}")
            except (RequestException, KeyError, TypeError, ValueError) as error:
                raise _refused(error) from error
            self._told, self._told_at = told, now
        return self._told

    def _session(self) -> OAuth2Session:
        id, secret = self._client
        return OAuth2Session(
            id, secret or None, scope=_SCOPE, redirect_uri=self._back, code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none", default_timeout=_TIMEOUT,
        )  # fmt: skip


def _refused(error: Exception) -> NotVouched:
    return NotVouched(
        f"Single sign-on failed: {type(error).__name__}: {error}.",
        "Compare BANTIN_OIDC_ISSUER, BANTIN_OIDC_CLIENT_ID and BANTIN_OIDC_CLIENT_SECRET with the provider.",
    )
