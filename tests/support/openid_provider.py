"""A small OpenID provider, over real HTTP and with real keys, that can also be made to lie."""

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import msgspec
from joserfc import jwt
from joserfc.jwk import RSAKey

from everyrun.domain.clock import Clock
from tests.support.web_server import Asked, Reply, web_server

CLIENT_ID = "everyrun"
CLIENT_SECRET = "s3cret/with:signs"


def new_key(kid: str) -> RSAKey:
    """A key to sign with."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}, private=True)


@cache
def first_key() -> RSAKey:
    """The key that every provider begins with, for making one takes a while."""
    return new_key("first")


@dataclass
class OpenIdServer:
    """Signs everybody in who is sent to it, as the person that ``person`` tells of.

    ``lie`` may change the claims of an ID token, ``sign`` makes it of them, ``described`` is what
    the discovery document says otherwise.
    """

    clock: Clock
    url: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "1"})
    lie: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    sign: Callable[[dict[str, Any]], str] | None = None
    described: dict[str, Any] = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=lambda: [first_key()])
    has_secret: bool = True
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, asked: Asked) -> Reply:
        """Answer one request."""
        parts = urlsplit(asked.path)
        with self._lock:
            self.asked.append(parts.path)
            if parts.path == "/.well-known/openid-configuration":
                return _json(self._description())
            if parts.path == "/keys":
                return _json({"keys": [key.as_dict(private=False) for key in self.keys]})
            if parts.path == "/authorize":
                return self._authorize(_single(parts.query))
            if parts.path == "/token":
                return self._token(asked, _single(asked.body.decode()))
        return Reply(404)

    def signed(self, claims: dict[str, Any], key: RSAKey | None = None, **header: Any) -> str:
        """An ID token by this provider."""
        key = key or self.keys[-1]
        return jwt.encode({"alg": "RS256", "kid": key.kid, **header}, claims, key)

    def _description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            **self.described,
        }

    def _authorize(self, query: dict[str, str]) -> Reply:
        if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256":
            return Reply(400)
        code = f"code-{len(self._codes)}"
        self._codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.url}
        return Reply(302, headers={"Location": f"{query['redirect_uri']}?{urlencode(back)}"})

    def _token(self, asked: Asked, form: dict[str, str]) -> Reply:
        query = self._codes.pop(form.get("code", ""), None)
        if query is None:
            return _json({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_right = (
            self._is_client(asked, form)
            and form.get("grant_type") == "authorization_code"
            and form.get("redirect_uri") == query["redirect_uri"]
            and challenge == query["code_challenge"]
        )
        if not is_right:
            return _json({"error": "invalid_client"}, 401)
        now = self.clock.now() // 1_000_000
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": query["nonce"],
            **self.person,
        }
        told = self.lie(claims)
        id_token = self.sign(told) if self.sign else self.signed(told)
        return _json({"access_token": "unused", "token_type": "Bearer", "id_token": id_token})

    def _is_client(self, asked: Asked, form: dict[str, str]) -> bool:
        if not self.has_secret:
            return form.get("client_id") == CLIENT_ID and "authorization" not in asked.headers
        scheme, _, sent = asked.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(sent).decode().partition(":")
        return (scheme, unquote(name), unquote(secret)) == ("Basic", CLIENT_ID, CLIENT_SECRET)


@contextmanager
def openid_server(clock: Clock) -> Iterator[OpenIdServer]:
    """A provider on a free port until the block ends."""
    provider = OpenIdServer(clock)
    with web_server(provider.reply) as server:
        provider.url = server.url
        yield provider


def _single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _json(value: dict[str, Any], status: int = 200) -> Reply:
    return Reply(status, msgspec.json.encode(value), {"Content-Type": "application/json"})
