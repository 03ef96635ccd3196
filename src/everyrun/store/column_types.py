"""How the ledger's values lie in each database: one column type a kind of value.

=============  =======================  ==================  =====================
value          in Python                SQLite              PostgreSQL
=============  =======================  ==================  =====================
identifier     ``str``, canonical UUID  BLOB of 16 bytes    ``uuid``
moment         aware UTC ``datetime``   INTEGER (µs, UTC)   ``timestamptz``
payload        plain JSON value         TEXT                ``jsonb``
document       the same, keys in order  TEXT                ``json``
=============  =======================  ==================  =====================

Why SQLite gets bytes and integers: ``docs/decisions/0003-compact-keys-on-sqlite.md``.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSON, JSONB, UUID
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.identifiers import canonical_id, id_bytes, id_text

Processor = Callable[[Any], Any]


def json_text(value: Any) -> str:
    """A plain JSON value -> its text."""
    return msgspec.json.encode(value).decode()


class Identifier(TypeDecorator[str]):
    """A UUID, as canonical text in Python."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(UUID(as_uuid=False))
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        canonical = canonical_id(value)
        return canonical if dialect.name == "postgresql" else id_bytes(canonical)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return id_text(value)


class Moment(TypeDecorator[datetime]):
    """A point in time, timezone-aware UTC with microseconds."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return to_microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name == "postgresql":
            return value  # type: ignore[no-any-return]
        return to_datetime(value)


class Payload(TypeDecorator[Any]):
    """A plain JSON value. ``None`` is SQL's NULL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return json_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return msgspec.json.decode(value)


class Document(Payload):
    """A plain JSON value whose keys stay in their order, which ``jsonb`` does not keep."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSON(none_as_null=True))
        return dialect.type_descriptor(Text())


_SQLITE_READERS: dict[type[Any], Processor | None] = {
    Identifier: id_text,
    Moment: to_datetime,
    Payload: msgspec.json.decode,
    Document: msgspec.json.decode,
}
_POSTGRESQL_READERS: dict[type[Any], Processor | None] = {Identifier: None, Moment: None}
_SQLITE_BINDERS: dict[type[Any], Processor] = {Identifier: id_bytes, Moment: to_microseconds}


def reader_of(type_: TypeEngine[Any], dialect: Dialect, code: Any) -> Processor | None:
    """What makes a column's Python value of what the driver gives, which is not None.

    ``code`` is the driver's word for the column's type. Ours at once, for a type's own processor
    costs more than the work. None for as it is.
    """
    ours = _SQLITE_READERS if dialect.name == "sqlite" else _POSTGRESQL_READERS
    if type(type_) in ours:
        return ours[type(type_)]
    return type_.dialect_impl(dialect).result_processor(dialect, code)


def binder_of(type_: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    """What makes of a Python value, which is not None, what the driver takes.

    Identifiers must be canonical already. None for as it is.
    """
    if dialect.name == "sqlite" and type(type_) in _SQLITE_BINDERS:
        return _SQLITE_BINDERS[type(type_)]
    return type_.dialect_impl(dialect).bind_processor(dialect)
