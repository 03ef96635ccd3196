"""Who may come in, who is in, and who changed what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from everyrun.store.column_types import Identifier, Payload
from everyrun.store.tables.base import Base


class User(Base):
    """A person, with a role; the password only as its hash.

    ``name_key`` is what names share that nobody could tell apart, such as those that differ in
    case alone.
    ``issuer`` and ``subject`` say who vouches for a person that signs in by OpenID Connect.
    """

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    issuer: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    last_login_at: Mapped[datetime | None]
    name_key: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_users_issuer_subject", "issuer", "subject", unique=True),
        Index("ix_users_name_key", "name_key", unique=True),
    )


class Token(Base):
    """A program's key, stored only as its hash (SHA-256, hexadecimal)."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    user_id: Mapped[str | None] = mapped_column(
        Identifier, ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_by: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None]
    last_used_from: Mapped[str | None] = mapped_column(Text)
    hint: Mapped[str | None] = mapped_column(String(20))
    """The token's first characters, so that people tell theirs apart."""


class Session(Base):
    """A browser that is in: for a user, or for a token that it came in with.

    Its cookie is stored only as its hash. A login link is a session that nobody has opened yet:
    ``opened_at`` is None, and opening it gives the cookie another secret.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    user_id: Mapped[str | None] = mapped_column(
        Identifier, ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    token_id: Mapped[str | None] = mapped_column(
        Identifier, ForeignKey("tokens.id", ondelete="CASCADE"), index=True
    )
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    address: Mapped[str | None] = mapped_column(Text)
    user_agent: Mapped[str | None] = mapped_column(Text)


class LoginFailure(Base):
    """How often somebody failed to come in, by whom they tried to be or where they came from.

    ``key`` is ``name:…`` or ``address:…``, hashed.
    """

    __tablename__ = "login_failures"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    blocked_until: Mapped[datetime | None]


class AuditEntry(Base):
    """One change that somebody asked for: who, what, of what, from where, and how it ended.

    ``status_code`` is None while it is under way, and stays so when the server was killed in it.
    """

    __tablename__ = "audit_entries"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[str | None] = mapped_column(Identifier)
    role: Mapped[str | None] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(100))
    target: Mapped[str | None] = mapped_column(Text)
    data: Mapped[Any | None] = mapped_column(Payload)
    address: Mapped[str | None] = mapped_column(Text)
    user_agent: Mapped[str | None] = mapped_column(Text)
    status_code: Mapped[int | None]

    __table_args__ = (
        Index("ix_audit_entries_action_id", "action", "id"),
        Index("ix_audit_entries_actor_id_id", "actor_id", "id"),
        Index("ix_audit_entries_target_id", "target", "id"),
    )


class IdempotencyKey(Base):
    """What was answered to a request that named a key, so that a repeat starts nothing twice."""

    __tablename__ = "idempotency_keys"

    actor: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status_code: Mapped[int | None]
    answer: Mapped[Any | None] = mapped_column(Payload)
    created_at: Mapped[datetime] = mapped_column(index=True)
