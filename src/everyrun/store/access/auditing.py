"""The audit log: who asked for which change, and how it ended. Times are microseconds UTC.

What stands in ``data`` must be redacted by whoever begins the entry.
"""

from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Table, delete, insert, select, update

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import first_id_at, id_born_at
from everyrun.domain.payloads import clean_text
from everyrun.domain.views.access import AuditEntryView, AuditPage
from everyrun.store.access.paging import older_than, page_of
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.moments import born_between
from everyrun.store.tables import AuditEntry

_CURSOR = b"a"
_LONGEST_AGENT = 300
_LONGEST_TARGET = 300

audit_entries = cast("Table", AuditEntry.__table__)

_a = audit_entries.c


class AuditStart(NamedTuple):
    """Somebody who asks for a change."""

    actor: str
    actor_kind: str
    actor_id: str | None
    role: str | None
    action: str
    target: str | None = None
    data: Any = None
    address: str | None = None
    user_agent: str | None = None


class AuditFilter(NamedTuple):
    """Which entries: of whom (name or id), which action or actions that begin so (``user.``)."""

    actor: str | None = None
    actor_id: str | None = None
    action: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = AuditFilter()


def begin_entry(connection: Connection, start: AuditStart, now: int) -> str:
    """Put on record that a change is asked for, at ``now``; answers the entry's id."""
    row = {
        **start._asdict(),
        "id": id_born_at(now),
        "at": to_datetime(now),
        "actor": clean_text(start.actor),
        "target": _cut(start.target, _LONGEST_TARGET),
        "user_agent": _cut(start.user_agent, _LONGEST_AGENT),
    }
    connection.execute(insert(audit_entries), row)
    return str(row["id"])


def finish_entry(
    connection: Connection, entry_id: str, status_code: int, target: str | None = None
) -> None:
    """Put on record how the change ended; ``target`` is what it was found to be about."""
    values: dict[str, Any] = {"status_code": status_code}
    if target is not None:
        values["target"] = _cut(target, _LONGEST_TARGET)
    connection.execute(update(audit_entries).where(_a.id == entry_id).values(**values))


def list_audit(
    connection: Connection,
    *,
    limit: int = 50,
    after: str | None = None,
    only: AuditFilter = EVERYTHING,
) -> AuditPage:
    """Entries, the latest first. Raises :class:`InvalidQuery` and :class:`InvalidCursor`."""
    columns = [_a[name] for name in AuditEntryView.__struct_fields__]
    query = select(*columns).order_by(_a.id.desc()).limit(checked_limit(limit) + 1)
    for name in ("actor", "actor_id", "target"):
        wanted = getattr(only, name)
        if wanted is not None:
            query = query.where(_a[name] == wanted)
    if only.action is not None and only.action.endswith("."):
        beyond = only.action[:-1] + "/"
        query = query.where(_a.action >= only.action, _a.action < beyond)
    elif only.action is not None:
        query = query.where(_a.action == only.action)
    span = born_between(only.since, only.until)
    if only.since is not None:
        query = query.where(_a.id >= span.oldest)
    if only.until is not None:
        query = query.where(_a.id < span.newest)
    rows = connection.execute(older_than(query, _a.id, _CURSOR, after)).mappings().all()
    found = [AuditEntryView(**row) for row in rows]
    items, following = page_of(found, limit, _CURSOR)
    return AuditPage(items=items, next=following)


def forget_audit(connection: Connection, before: int) -> int:
    """Forget entries made before a moment; answers how many."""
    old = delete(audit_entries).where(_a.id < first_id_at(before))
    return connection.execute(old).rowcount


def _cut(text: str | None, length: int) -> str | None:
    if text is None:
        return None
    return clean_text(text if len(text) <= length else text[: length - 1] + "…")
