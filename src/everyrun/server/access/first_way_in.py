"""How the first person comes in: by a link that the server prints, as Jupyter does."""

import logging
from typing import NamedTuple
from urllib.parse import urlencode

from everyrun.domain.errors import SettingsError
from everyrun.domain.roles import Role
from everyrun.server.state import Server
from everyrun.store.access.sessions import make_login_link
from everyrun.store.access.tokens import (
    KeptToken,
    find_good_token,
    keep_token,
    make_token,
    revoke_others_named,
)
from everyrun.store.connections import Connection
from everyrun.store.locking import take_turns

GIVEN_TOKEN = "EVERYRUN_ADMIN_TOKEN"  # noqa: S105 - the name of a token, no token
FIRST_TOKEN = "first admin token"  # noqa: S105 - likewise
_SECOND = 1_000_000
_log = logging.getLogger("everyrun.server")


class LoginLink(NamedTuple):
    """A way in that opens once, until ``expires_at`` (µs UTC), and lets in an administrator.

    ``path`` is to be added to whatever address people reach the server by. ``token`` is the first
    admin token in plain text: only when it was made just now, and never again.
    """

    path: str
    expires_at: int
    token: str | None

    def at(self, address: str) -> str:
        """The whole link, at an address such as ``http://127.0.0.1:8321``."""
        return address.rstrip("/") + self.path


def first_way_in(server: Server) -> LoginLink:
    """A login link for whoever starts the server; the first time with the first admin token.

    Raises :class:`SettingsError`.
    """
    now = server.clock.now()
    expires_at = now + int(server.settings.login_link_seconds * _SECOND)
    given = admit_admin_token(server)

    def make(connection: Connection) -> LoginLink:
        token_id, token = (given.id, None) if given else _first_token(connection, now)
        link = make_login_link(connection, now, expires_at, token_id=token_id)
        return LoginLink("/login?" + urlencode({"link": link.secret}), expires_at, token)

    return server.database.transact(make)


def admit_admin_token(server: Server) -> KeptToken | None:
    """Let in the token of ``EVERYRUN_ADMIN_TOKEN``; the one that it was before is revoked.

    None without the setting. Raises :class:`SettingsError` when the token was revoked or has
    another role.
    """
    token = server.settings.admin_token
    if not token:
        return None
    now = server.clock.now()

    def admit(connection: Connection) -> tuple[KeptToken, list[str]]:
        take_turns(connection, "tokens", GIVEN_TOKEN)
        kept = keep_token(connection, token, GIVEN_TOKEN, Role.ADMIN, now)
        if kept.is_revoked or kept.role is not Role.ADMIN:
            what = "was revoked" if kept.is_revoked else f"has the role {kept.role}"
            raise SettingsError(f"the token of {GIVEN_TOKEN} {what}; set another one")
        return kept, revoke_others_named(connection, GIVEN_TOKEN, kept.id, now)

    kept, replaced = server.database.transact(admit)
    if replaced:
        server.recogniser.forget()
        _log.info("%s is another one now; the one before is revoked", GIVEN_TOKEN)
    return kept


def _first_token(connection: Connection, now: int) -> tuple[str, str | None]:
    take_turns(connection, "tokens", FIRST_TOKEN)
    found = find_good_token(connection, FIRST_TOKEN, Role.ADMIN, now)
    if found is not None:
        return found, None
    made = make_token(connection, FIRST_TOKEN, Role.ADMIN, now, created_by="everyrun serve")
    return made.id, made.token
