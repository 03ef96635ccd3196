"""Coming in with a browser: by password, by token, by login link; how often one may try.

An attempt is counted first, and only then put on record and looked at: whoever must wait fills
neither the audit log nor the processors.
"""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple

from everyrun.domain.person_names import name_key
from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.server.access.errors import NotAllowed, TooManyAttempts, WrongCredentials
from everyrun.server.access.oidc.errors import ProviderRefused
from everyrun.server.access.oidc.flow import CameBack
from everyrun.server.access.oidc.people import user_of
from everyrun.server.access.settings import is_token_text
from everyrun.server.state import Server
from everyrun.store.access.callers import caller_of_token
from everyrun.store.access.login_failures import (
    Attempt,
    Patience,
    attempt_by,
    blocked_for,
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


class Attempts(NamedTuple):
    """What one attempt to come in is counted under."""

    by_address: Attempt
    by_name: Attempt | None = None


def count_attempt_by(server: Server, browser: Browser, name: str | None = None) -> Attempts:
    """Count an attempt, before anything is looked at. Raises :class:`TooManyAttempts`."""
    by_address = attempt_by("address", address_group(browser.address or ""), BY_ADDRESS)
    by_name = None if name is None else attempt_by("name", name_key(name), BY_NAME)
    counted = [by_address] if by_name is None else [by_address, by_name]
    now = server.clock.now()
    with server.database.reading() as connection:
        wait = blocked_for(connection, counted, now)
    if not wait:
        wait = server.database.transact(lambda connection: count_attempt(connection, counted, now))
    if wait:
        raise TooManyAttempts(wait / _SECOND)
    return Attempts(by_address, by_name)


def succeeded(connection: Connection, attempts: Attempts) -> None:
    """An attempt was right after all."""
    take_back(connection, attempts.by_address)
    if attempts.by_name is not None:
        forget_attempts(connection, attempts.by_name)


def sign_in_by_password(
    server: Server, name: str, password: str, browser: Browser, attempts: Attempts
) -> OpenedSession:
    """Let a user in. Raises :class:`WrongCredentials`.

    Neither the answer nor its time tells whether there is such a user.
    """
    password_hash = checked(server, name, password)

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


def checked(server: Server, name: str, password: str) -> str:
    """The hash that a password fits. Raises :class:`WrongCredentials`."""
    with server.database.reading() as connection:
        known = known_password(connection, name)
    password_hash = None if known is None else known.password_hash
    if not server.passwords.fits(password, password_hash) or password_hash is None:
        raise WrongCredentials
    return password_hash


def sign_in_by_token(
    server: Server, token: str, browser: Browser, attempts: Attempts
) -> OpenedSession:
    """Let somebody in with a token that may read.

    Raises :class:`WrongCredentials` and :class:`NotAllowed`.
    """

    def let_in(connection: Connection) -> OpenedSession:
        now = server.clock.now()
        text = token.strip()
        hashed = secret_hash(text) if is_token_text(text) else ""
        found = caller_of_token(connection, hashed, now)
        if found is None:
            raise WrongCredentials
        if not found.role.allows(Role.VIEWER):
            raise NotAllowed("this token adds events; there is nothing that it may see")
        succeeded(connection, attempts)
        ends = ends_at(server)
        if found.expires_at is not None:
            ends = min(ends, found.expires_at)
        return open_session(connection, now, ends, browser, token_id=found.id)

    return server.database.transact(let_in)


def sign_in_by_link(
    server: Server, link: str, browser: Browser, attempts: Attempts
) -> OpenedSession:
    """Open a login link. Raises ``LoginLinkSpent``."""

    def let_in(connection: Connection) -> OpenedSession:
        now = server.clock.now()
        opened = open_login_link(connection, link, now, ends_at(server), browser)
        succeeded(connection, attempts)
        return opened

    return server.database.transact(let_in)


class KnownByProvider(NamedTuple):
    """A session, and the name of whom it is for."""

    session: OpenedSession
    name: str


def sign_in_by_provider(
    server: Server, came: CameBack, claims: dict[str, Any], browser: Browser, attempts: Attempts
) -> KnownByProvider:
    """Let in whom the OpenID provider vouches for, once for each time that they were sent there.

    Raises ``ProviderRefused`` and :class:`NotAllowed`.
    """

    def let_in(connection: Connection) -> KnownByProvider:
        now = server.clock.now()
        user = user_of(connection, claims, server.settings, now)
        if not spend_once(connection, f"oidc {came.secret}", now, now + _DAY, user.id):
            raise ProviderRefused("this answer of the provider was used before")
        succeeded(connection, attempts)
        note_login(connection, user.id, now)
        opened = open_session(connection, now, ends_at(server), browser, user_id=user.id)
        return KnownByProvider(opened, user.name)

    known = server.database.transact(let_in)
    server.recogniser.forget()
    return known


def ends_at(server: Server) -> int:
    """When a session that is opened now is over, at the latest (µs UTC)."""
    return server.clock.now() + int(server.settings.session_seconds * _SECOND)


def address_group(address: str) -> str:
    """The address, or for IPv6 the network that it is in."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(ip_network((parsed, _NETWORK_BITS), strict=False))


def _rehash(server: Server, user_id: str, password: str, old: str) -> None:
    try:
        fresh = server.passwords.hash(password)
    except ValueError:
        return  # It was set when shorter ones were taken: it stays as it is.
    server.database.transact(
        lambda connection: replace_password_hash(connection, user_id, old, fresh)
    )
