"""A small provider of OpenID Connect on loopback, which says what a test tells it to say."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import FastAPI, Request
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

from tests.browser import serving

KEY = RSAKey.generate_key(2048, auto_kid=True)
CLIENT, SECRET = "bantin", "rất bí mật".encode().hex()


@dataclass
class Provider:
    """Signs everybody in as `claims` say, without asking. `lies` are claims that replace those of every ID token."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "7-42", "preferred_username": "Lan.Nguyễn"})
    lies: dict[str, Any] = field(default_factory=dict)
    key: RSAKey | OctKey = field(default_factory=lambda: KEY)
    published: RSAKey | None = None  # where it is not the key that it signs with
    algorithm: str = "RS256"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    asked: list[str] = field(default_factory=list)
    _sent: dict[str, dict[str, str]] = field(default_factory=dict)

    def become_honest(self) -> None:
        """As it was made."""
        fresh = Provider()
        for name in ("claims", "lies", "key", "published", "algorithm", "asked"):
            setattr(self, name, getattr(fresh, name))

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def describe() -> dict[str, Any]:
            self.asked.append("description")
            paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in paths.items()}}

        @app.get("/keys")
        def keys() -> Any:
            self.asked.append("keys")
            published = self.published or self.key
            return KeySet([published] if isinstance(published, RSAKey) else []).as_dict(private=False)

        @app.get("/authorize")
        def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            assert asked["client_id"] == CLIENT
            assert asked["response_type"] == "code"
            assert "openid" in asked["scope"].split()
            code = secrets.token_urlsafe(8)
            self._sent[code] = asked
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

        @app.post("/token")
        async def token(request: Request) -> Response:
            given = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            sent = self._sent.pop(given.get("code", ""), None)
            challenge = base64.urlsafe_b64encode(hashlib.sha256(given["code_verifier"].encode()).digest()).rstrip(b"=")
            fits = (
                sent is not None
                and request.headers["authorization"] == f"Basic {basic}"
                and (sent["code_challenge_method"], sent["code_challenge"]) == ("S256", challenge.decode())
                and given["redirect_uri"] == sent["redirect_uri"]
            )
            if not fits or sent is None:
                return JSONResponse({"error": "invalid_grant"}, 400)
            return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self._sign(sent["nonce"])})

        return app

    def _sign(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        own = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        said = {name: value for name, value in {**own, **self.claims, **self.lies}.items() if value is not None}
        header = {"alg": self.algorithm, **({"kid": self.key.kid} if self.key.kid else {})}
        return jwt.encode(header, said, self.key, algorithms=[self.algorithm])


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider that answers."""
    made = Provider()
    with serving(made.app()) as address:
        made.issuer = address
        yield made
