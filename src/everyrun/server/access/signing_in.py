"""Coming in with a browser: by password, by token, by login link; how often one may try."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from everyrun.domain.person_names import name_key
from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.server.access.errors import NotAllowed, TooManyAttempts, WrongCredentials
from everyrun.server.access.oidc.errors import ProviderRefused
from everyrun.server.access.oidc.flow import CameBack, OpenIdProvider
from everyrun.server.access.oidc.people import user_of
from everyrun.server.access.settings import is_token_text
from everyrun.server.state import Server
from everyrun.store.access.callers import caller_of_token
from everyrun.store.access.login_failures import (
    Attempt,
    Patience,
    attempt_by,
    count_attempt,
    forget_attempts,
    take_back,
)
from everyrun.store.access.sessions import (
    Browser,
    OpenedSession,
    open_login_link,
    open_session,
    spend_once,
)
from everyrun.store.access.users import known_password, note_login, replace_password_hash
from everyrun.store.connections import Connection

_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_DAY = 24 * 60 * _MINUTE
BY_NAME = Patience(free=5, longest=5 * _MINUTE, forgotten_after=60 * _MINUTE)
"""Short, for whoever knows a name could keep its owner out."""
BY_ADDRESS = Patience(free=20, longest=15 * _MINUTE, forgotten_after=60 * _MINUTE)
"""More are free, for many people may share an address."""
_NETWORK_BITS = 64
"""Whoever has one IPv6 address has all of its network's."""


def sign_in_by_password(
    server: Server, name: str, password: str, browser: Browser
) -> OpenedSession:
    """Let a user in. Raises :class:`WrongCredentials` and :class:`TooManyAttempts`.

    Neither the answer nor its time tells whether there is such a user.
    """
    attempts = attempts_of(name, browser)
    password_hash = checked(server, name, password, attempts)

    def let_in(connection: Connection) -> OpenedSession:
        now = server.clock.now()
        known = known_password(connection, name, lock=True)
        if known is None or known.password_hash != password_hash:
            raise WrongCredentials
        succeeded(connection, attempts)
        note_login(connection, known.user_id, now)
        return open_session(connection, now, ends_at(server), browser, user_id=known.user_id)

    opened = server.database.transact(let_in)
    if server.passwords.needs_rehash(password_hash):
        _rehash(server, opened.user_id or "", password, password_hash)
    return opened


def checked(server: Server, name: str, password: str, attempts: tuple[Attempt, ...]) -> str:
    """The hash that a password fits, after the attempt was counted.

    Raises :class:`WrongCredentials` and :class:`TooManyAttempts`.
    """
    _count(server, attempts)
    with server.database.reading() as connection:
        known = known_password(connection, name)
    password_hash = None if known is None else known.password_hash
    if not server.passwords.fits(password, password_hash) or password_hash is None:
        raise WrongCredentials
    return password_hash


def sign_in_by_token(server: Server, token: str, browser: Browser) -> OpenedSession:
    """Let somebody in with a token that may read.

    Raises :class:`WrongCredentials`, :class:`NotAllowed` and :class:`TooManyAttempts`.
    """
    by_address = _by_address(browser)
    _count(server, (by_address,))

    def let_in(connection: Connection) -> OpenedSession:
        now = server.clock.now()
        text = token.strip()
        hashed = secret_hash(text) if is_token_text(text) else ""
        found = caller_of_token(connection, hashed, now)
        if found is None:
            raise WrongCredentials
        if not found.role.allows(Role.VIEWER):
            raise NotAllowed("this token adds events; there is nothing that it may see")
        take_back(connection, by_address)
        ends = ends_at(server)
        if found.expires_at is not None:
            ends = min(ends, found.expires_at)
        return open_session(connection, now, ends, browser, token_id=found.id)

    return server.database.transact(let_in)


def sign_in_by_link(server: Server, link: str, browser: Browser) -> OpenedSession:
    """Open a login link. Raises ``LoginLinkSpent`` and :class:`TooManyAttempts`."""
    by_address = _by_address(browser)
    _count(server, (by_address,))

    def let_in(connection: Connection) -> OpenedSession:
        now = server.clock.now()
        opened = open_login_link(connection, link, now, ends_at(server), browser)
        take_back(connection, by_address)
        return opened

    return server.database.transact(let_in)


class KnownByProvider(NamedTuple):
    """A session, and the name of whom it is for."""

    session: OpenedSession
    name: str


def sign_in_by_provider(
    server: Server,
    provider: OpenIdProvider,
    came: CameBack,
    code: str,
    redirect_uri: str,
    browser: Browser,
) -> KnownByProvider:
    """Let in whom the OpenID provider vouches for, once for each time that they were sent there.

    Raises ``ProviderRefused``, ``ProviderUnavailable``, :class:`NotAllowed` and
    :class:`TooManyAttempts`.
    """
    by_address = _by_address(browser)
    _count(server, (by_address,))
    claims = provider.claims(came, code, redirect_uri)

    def let_in(connection: Connection) -> KnownByProvider:
        now = server.clock.now()
        user = user_of(connection, claims, server.settings, now)
        if not spend_once(connection, f"oidc {came.secret}", now, now + _DAY, user.id):
            raise ProviderRefused("this answer of the provider was used before")
        take_back(connection, by_address)
        note_login(connection, user.id, now)
        opened = open_session(connection, now, ends_at(server), browser, user_id=user.id)
        return KnownByProvider(opened, user.name)

    known = server.database.transact(let_in)
    server.recogniser.forget()
    return known


def ends_at(server: Server) -> int:
    """When a session that is opened now is over, at the latest (µs UTC)."""
    return server.clock.now() + int(server.settings.session_seconds * _SECOND)


def attempts_of(name: str, browser: Browser) -> tuple[Attempt, Attempt]:
    """What an attempt to be ``name`` is counted under."""
    return attempt_by("name", name_key(name), BY_NAME), _by_address(browser)


def succeeded(connection: Connection, attempts: tuple[Attempt, Attempt]) -> None:
    """An attempt was right after all."""
    forget_attempts(connection, attempts[0])
    take_back(connection, attempts[1])


def _by_address(browser: Browser) -> Attempt:
    return attempt_by("address", address_group(browser.address or ""), BY_ADDRESS)


def address_group(address: str) -> str:
    """The address, or for IPv6 the network that it is in."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(ip_network((parsed, _NETWORK_BITS), strict=False))


def _count(server: Server, attempts: tuple[Attempt, ...]) -> None:
    now = server.clock.now()
    wait = server.database.transact(lambda connection: count_attempt(connection, attempts, now))
    if wait:
        raise TooManyAttempts(wait / _SECOND)


def _rehash(server: Server, user_id: str, password: str, old: str) -> None:
    try:
        fresh = server.passwords.hash(password)
    except ValueError:
        return  # It was set when shorter ones were taken: it stays as it is.
    server.database.transact(
        lambda connection: replace_password_hash(connection, user_id, old, fresh)
    )
