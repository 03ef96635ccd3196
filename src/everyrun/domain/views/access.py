"""Who may come in, who is in, and who changed what."""

from datetime import datetime
from typing import Any

import msgspec

from everyrun.domain.roles import Role


class TokenView(msgspec.Struct, kw_only=True):
    """One token; its plain text is not known any more.

    ``user_id`` and ``user`` say whose it is, None for one that is nobody's own. ``hint`` is how it
    begins.
    """

    id: str
    name: str
    role: Role
    hint: str | None
    user_id: str | None
    user: str | None
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str | None
    revoked_at: datetime | None


class TokenPage(msgspec.Struct, kw_only=True):
    """Tokens, the newest first; ``next`` is the cursor to those after them."""

    items: list[TokenView]
    next: str | None


class NewToken(msgspec.Struct, kw_only=True):
    """A token that was just made: the only time that its plain text is told."""

    token: str
    id: str
    name: str
    role: Role
    expires_at: datetime | None


class UserView(msgspec.Struct, kw_only=True):
    """One user. ``has_password`` and ``issuer`` tell how they can sign in."""

    id: str
    name: str
    role: Role
    has_password: bool
    issuer: str | None
    created_at: datetime
    disabled_at: datetime | None
    last_login_at: datetime | None


class UserPage(msgspec.Struct, kw_only=True):
    """Users, the newest first; ``next`` is the cursor to those after them."""

    items: list[UserView]
    next: str | None


class SessionView(msgspec.Struct, kw_only=True):
    """One browser that is in, for a user or for a token; ``current`` marks the one that asks."""

    id: str
    user_id: str | None
    token_id: str | None
    name: str
    role: Role
    opened_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str | None
    current: bool = False


class SessionList(msgspec.Struct, kw_only=True):
    """Sessions, the latest first, 500 at most."""

    items: list[SessionView]


class AuditEntryView(msgspec.Struct, kw_only=True):
    """One change that somebody asked for.

    ``status_code`` is what it was answered with; None while it is under way, and for good when the
    server was killed in it.
    """

    id: str
    at: datetime
    actor: str
    actor_kind: str
    actor_id: str | None
    role: str | None
    action: str
    target: str | None
    data: Any
    address: str | None
    user_agent: str | None
    status_code: int | None


class AuditPage(msgspec.Struct, kw_only=True):
    """Changes, the latest first; ``next`` is the cursor to those before them."""

    items: list[AuditEntryView]
    next: str | None
