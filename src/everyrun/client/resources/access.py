"""Tokens, users and the audit log: for administrators, and one's own tokens."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from everyrun.client.resources.paging import every
from everyrun.client.transport import API, Transport, part
from everyrun.domain.roles import Role
from everyrun.domain.views.access import (
    AuditEntryView,
    AuditPage,
    NewToken,
    TokenPage,
    TokenView,
    UserPage,
    UserView,
)

_TOKENS, _USERS, _AUDIT = f"{API}/tokens", f"{API}/users", f"{API}/audit"


class Tokens:
    """``client.tokens``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(
        self, *, revoked: bool = False, limit: int = 50, cursor: str | None = None
    ) -> TokenPage:
        """A page of tokens, the newest first; ``revoked`` has those that are, too."""
        return self._transport.get(
            _TOKENS, TokenPage, revoked=revoked or None, limit=limit, cursor=cursor
        )

    def all(self, *, revoked: bool = False) -> Iterator[TokenView]:
        """All of them."""
        return every(lambda cursor: self.page(revoked=revoked, limit=500, cursor=cursor))

    def create(
        self, name: str, role: Role, *, expires_at: datetime | None = None, own: bool | None = None
    ) -> NewToken:
        """Make a token. The answer is the only place where its plain text ever stands."""
        body = {"name": name, "role": role, "expires_at": expires_at, "own": own}
        return self._transport.send("POST", _TOKENS, NewToken, body)

    def revoke(self, token_id: str) -> None:
        """Let a token in no more."""
        self._transport.tell("DELETE", f"{_TOKENS}/{part(token_id)}")


class Users:
    """``client.users``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(self, *, limit: int = 50, cursor: str | None = None) -> UserPage:
        """A page of users, the newest first."""
        return self._transport.get(_USERS, UserPage, limit=limit, cursor=cursor)

    def all(self) -> Iterator[UserView]:
        """All of them."""
        return every(lambda cursor: self.page(limit=500, cursor=cursor))

    def get(self, user_id: str) -> UserView:
        """One user. Raises ``NotOnRecord``."""
        return self._transport.get(f"{_USERS}/{part(user_id)}", UserView)

    def create(self, name: str, role: Role, password: str) -> UserView:
        """Make a user who signs in with a password of at least 12 characters."""
        body = {"name": name, "role": role, "password": password}
        return self._transport.send("POST", _USERS, UserView, body)

    def change(
        self,
        user_id: str,
        *,
        role: Role | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> UserView:
        """Give a user another role or password, or disable or enable them."""
        body = {"role": role, "disabled": disabled, "password": password}
        changes = {name: value for name, value in body.items() if value is not None}
        return self._transport.send("PATCH", f"{_USERS}/{part(user_id)}", UserView, changes)

    def delete(self, user_id: str) -> None:
        """Forget a user with their tokens and sessions."""
        self._transport.tell("DELETE", f"{_USERS}/{part(user_id)}")


class Audit:
    """``client.audit``: who asked for which change."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(
        self,
        *,
        actor: str | None = None,
        action: str | None = None,
        target: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> AuditPage:
        """A page of changes, the latest first. ``action`` is a name, or its beginning: ``user.``"""
        return self._transport.get(
            _AUDIT,
            AuditPage,
            actor=actor,
            action=action,
            target=target,
            since=since,
            until=until,
            limit=limit,
            cursor=cursor,
        )

    def all(self, **filters: Any) -> Iterator[AuditEntryView]:
        """All of them; the filters of :meth:`page`."""
        return every(lambda cursor: self.page(**{"limit": 500, **filters, "cursor": cursor}))
