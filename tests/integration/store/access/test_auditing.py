"""The audit log: begun before the change, finished after it, found again."""

from typing import Any

import pytest

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import InvalidCursor, InvalidQuery
from everyrun.domain.identifiers import new_id
from everyrun.domain.views.access import AuditPage
from everyrun.store.access.auditing import (
    AuditFilter,
    AuditStart,
    begin_entry,
    finish_entry,
    forget_audit,
    list_audit,
)
from everyrun.store.database import Database
from tests.support.facts import NOON, SECOND

KIM = new_id()


def _begin(database: Database, action: str = "user.create", at: int = NOON, **more: Any) -> str:
    start = AuditStart("kim", "user", KIM, "admin", action)._replace(**more)
    return database.transact(lambda c: begin_entry(c, start, at))


def _list(database: Database, limit: int = 50, after: str | None = None, **only: Any) -> AuditPage:
    with database.reading() as connection:
        return list_audit(
            connection,
            limit=limit,
            after=after,
            only=AuditFilter(**only),
        )


def test_an_entry_tells_who_asked_what_from_where_and_how_it_ended(database: Database) -> None:
    id_ = _begin(database, data={"name": "lee"}, address="10.0.0.7", user_agent="curl")
    (under_way,) = _list(database).items
    database.transact(lambda c: finish_entry(c, id_, 201, target="lee"))

    (entry,) = _list(database).items

    assert under_way.status_code is None
    assert (id_, to_datetime(NOON), "kim", "user", KIM, "admin", "user.create") == (
        entry.id, entry.at, entry.actor, entry.actor_kind, entry.actor_id, entry.role, entry.action,
    )  # fmt: skip
    assert ("lee", {"name": "lee"}, "10.0.0.7", "curl", 201) == (
        entry.target, entry.data, entry.address, entry.user_agent, entry.status_code,
    )  # fmt: skip


def test_entries_come_page_by_page_the_latest_first(database: Database) -> None:
    made = [_begin(database, at=NOON + number * SECOND) for number in range(5)]
    listed, cursor = list[str](), None

    for _ in range(3):
        page = _list(database, limit=2, after=cursor)
        listed += [each.id for each in page.items]
        cursor = page.next

    assert (made[::-1], None) == (listed, cursor)


def test_entries_are_found_by_what_they_tell(database: Database) -> None:
    create = _begin(database, target="lee")
    role = _begin(database, "user.role", NOON + SECOND, actor="lee", actor_id=None)
    cancel = _begin(database, "execution.cancel", NOON + 2 * SECOND, target="42")

    def found(**only: Any) -> list[str]:
        return [each.id for each in _list(database, **only).items]

    assert [cancel, create] == found(actor="kim")
    assert [cancel, create] == found(actor_id=KIM)
    assert [role] == found(action="user.role")
    assert [role, create] == found(action="user.")
    assert [create] == found(target="lee")
    assert [cancel, role] == found(since=to_datetime(NOON + SECOND))
    assert [role, create] == found(until=to_datetime(NOON + 2 * SECOND))
    assert [] == found(actor="kim", action="user.role")


def test_what_cannot_be_asked_is_refused(database: Database) -> None:
    with pytest.raises(InvalidCursor):
        _list(database, after="AQ")
    with pytest.raises(InvalidQuery):
        _list(database, limit=501)
    with pytest.raises(InvalidQuery):
        _list(database, since=to_datetime(NOON).replace(tzinfo=None))


def test_long_texts_are_cut(database: Database) -> None:
    _begin(database, target="t" * 10_000, user_agent="u" * 10_000)

    (entry,) = _list(database).items

    assert (300, 300) == (len(entry.target or ""), len(entry.user_agent or ""))


def test_old_entries_are_forgotten(database: Database) -> None:
    _begin(database)
    kept = _begin(database, at=NOON + SECOND)

    assert 1 == database.transact(lambda c: forget_audit(c, NOON + SECOND))
    assert [kept] == [each.id for each in _list(database).items]
