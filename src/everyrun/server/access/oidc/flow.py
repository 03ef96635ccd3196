"""There and back: leading a browser to the provider, and what it comes back with.

All that must be remembered between the two derives from one random secret in a cookie, so that
nothing is kept for whoever only begins, and a browser that did not begin cannot end.
"""

import base64
import hashlib
import hmac
import re
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from everyrun.domain.clock import Clock
from everyrun.domain.plain_secrets import new_secret
from everyrun.server.access.oidc.asking import post_form
from everyrun.server.access.oidc.discovering import Described, Discovery
from everyrun.server.access.oidc.errors import ProviderRefused
from everyrun.server.access.oidc.validating import claims_of
from everyrun.server.access.return_paths import safe_return_path
from everyrun.server.access.settings import AccessSettings

COOKIE = "everyrun_oidc"
COOKIE_SECONDS = 600
CALLBACK = "/login/oidc/callback"
_COOKIE_VALUE = re.compile(r"([0-9A-Za-z]{43})\.([A-Za-z0-9_-]{0,2800})", re.ASCII)


class Beginning(NamedTuple):
    """Where to send the browser, and the cookie to send it there with."""

    location: str
    cookie: str


class CameBack(NamedTuple):
    """What the browser came back with, as far as it is a browser that we sent."""

    secret: str
    next_path: str


class OpenIdProvider:
    """The provider that the settings name. Safe to share between threads."""

    def __init__(self, settings: AccessSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._discovery = Discovery(settings.oidc_issuer, clock)

    def begin(self, redirect_uri: str, next_path: str) -> Beginning:
        """Send a browser to the provider. Raises ``ProviderUnavailable``."""
        described = self._discovery.described()
        secret = new_secret()
        challenge = hashlib.sha256(_derived(secret, "verifier").encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": redirect_uri,
            "scope": self._settings.oidc_scopes,
            "state": _derived(secret, "state"),
            "nonce": _derived(secret, "nonce"),
            "code_challenge": _unpadded(challenge),
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in described.authorization_endpoint else "?"
        location = described.authorization_endpoint + joint + urlencode(query)
        return Beginning(location, f"{secret}.{_unpadded(next_path.encode())}")

    def recognise(self, cookie: str, state: str, issuer: str | None) -> CameBack:
        """Whether this browser was sent by us, this time. Raises :class:`ProviderRefused`."""
        found = _COOKIE_VALUE.fullmatch(cookie)
        if found is None:
            raise ProviderRefused("this browser did not begin to sign in here")
        secret = found[1]
        if not hmac.compare_digest(_derived(secret, "state").encode(), state.encode()):
            raise ProviderRefused("this is the answer to another sign-in")
        if issuer not in {None, self._settings.oidc_issuer}:
            raise ProviderRefused("another provider answered")
        path = base64.urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4))
        return CameBack(secret, safe_return_path(path.decode("utf-8", "replace")))

    def claims(self, came: CameBack, code: str, redirect_uri: str) -> dict[str, Any]:
        """Whom the provider vouches for. Raises ``ProviderRefused`` and ``ProviderUnavailable``."""
        described = self._discovery.described()
        id_token = self._exchange(described, came, code, redirect_uri)
        return claims_of(
            id_token,
            self._discovery,
            client_id=self._settings.oidc_client_id,
            nonce=_derived(came.secret, "nonce"),
            now=self._clock.now() // 1_000_000,
        )

    def _exchange(self, described: Described, came: CameBack, code: str, redirect_uri: str) -> str:
        settings = self._settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": _derived(came.secret, "verifier"),
        }
        credentials = None
        if settings.oidc_client_secret and described.takes_basic:
            # Both are form-encoded first (RFC 6749, 2.3.1).
            credentials = (quote(settings.oidc_client_id), quote(settings.oidc_client_secret))
        else:
            form["client_id"] = settings.oidc_client_id
            if settings.oidc_client_secret:
                form["client_secret"] = settings.oidc_client_secret
        status, told = post_form(described.token_endpoint, form, credentials)
        id_token = told.get("id_token")
        if status != 200 or not isinstance(id_token, str):
            raise ProviderRefused(f"the provider gave no ID token ({told.get('error', status)})")
        return id_token


def _derived(secret: str, purpose: str) -> str:
    """43 characters that only who has the secret can tell (and PKCE takes, RFC 7636, 4.1)."""
    label = f"everyrun oidc {purpose}".encode()
    return _unpadded(hmac.new(secret.encode(), label, hashlib.sha256).digest())


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
