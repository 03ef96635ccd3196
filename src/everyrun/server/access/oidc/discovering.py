"""What the provider says of itself: where it is asked, and the keys that it signs with."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from everyrun.domain.clock import Clock
from everyrun.server.access.oidc.asking import get_json
from everyrun.server.access.oidc.errors import ProviderUnavailable

_KEPT_MICROSECONDS = 3_600_000_000
_SILENT_MICROSECONDS = 5_000_000
_PATIENCE_SECONDS = 2.0


class Described(NamedTuple):
    """A provider (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    takes_basic: bool


class Discovery:
    """Knows a provider for an hour at a time. Safe to share between threads."""

    def __init__(self, issuer: str, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock
        self._lock = Lock()
        self._described: tuple[int, Described] | None = None
        self._keys: tuple[int, KeySet] | None = None
        self._silent_until = 0

    def described(self) -> Described:
        """The provider. Raises :class:`ProviderUnavailable`."""
        now = self._clock.now()
        described = self._described
        if described is not None and now - described[0] <= _KEPT_MICROSECONDS:
            return described[1]
        with self._asking(now):
            self._described = now, self._discover()
            return self._described[1]

    def keys(self, *, anew: bool = False) -> KeySet:
        """The keys that it signs with, asked for ``anew`` when one is not among them.

        Raises :class:`ProviderUnavailable`.
        """
        place = self.described().jwks_uri
        now = self._clock.now()
        keys = self._keys
        if not anew and keys is not None and now - keys[0] <= _KEPT_MICROSECONDS:
            return keys[1]
        with self._asking(now):
            self._keys = now, _key_set(get_json(place))
            return self._keys[1]

    @contextmanager
    def _asking(self, now: int) -> Iterator[None]:
        """One asks at a time, and nobody right after it was in vain: others are told so at once."""
        if now < self._silent_until or not self._lock.acquire(timeout=_PATIENCE_SECONDS):
            raise ProviderUnavailable
        try:
            yield
        except ProviderUnavailable:
            self._silent_until = now + _SILENT_MICROSECONDS
            raise
        finally:
            self._lock.release()

    def _discover(self) -> Described:
        place = self._issuer.rstrip("/") + "/.well-known/openid-configuration"
        told = get_json(place)
        if told.get("issuer") != self._issuer:
            raise ProviderUnavailable(
                f"{place} speaks for {told.get('issuer')!r}, not for {self._issuer!r}"
            )
        methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return Described(
            self._issuer,
            self._endpoint(told, "authorization_endpoint"),
            self._endpoint(told, "token_endpoint"),
            self._endpoint(told, "jwks_uri"),
            "client_secret_basic" in methods,
        )

    def _endpoint(self, told: dict[str, Any], name: str) -> str:
        url = told.get(name)
        is_safe = isinstance(url, str) and (
            urlsplit(url).scheme == "https" or urlsplit(self._issuer).scheme == "http"
        )
        if not is_safe:
            raise ProviderUnavailable(f"the OpenID provider names no {name} at https")
        return str(url)


def _key_set(told: dict[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set(told)  # type: ignore[arg-type] # whether it is one is tried
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderUnavailable(f"the OpenID provider's keys cannot be read: {error}") from None
