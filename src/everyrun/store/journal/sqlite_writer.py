"""A journal's moves on SQLite: a handful of prepared statements on a connection kept open."""

import sqlite3
from contextlib import suppress

from sqlalchemy.pool import PoolProxiedConnection

from everyrun.domain.identifiers import id_bytes
from everyrun.store.database import Database
from everyrun.store.journal.rows import BegunRow, EndedRow, Moves, NewRow
from everyrun.store.journal.writing import Address, InDoubt

_FENCE = """
SELECT EXISTS (SELECT 1 FROM execution_leases WHERE workflow_execution_id = ? AND owner = ?)
   AND EXISTS (SELECT 1 FROM recorders WHERE id = ? AND gone_at IS NULL)
"""
_COUNT = """
UPDATE workflow_executions SET nodes_total = nodes_total + ?,
    nodes_completed = nodes_completed + ?, nodes_failed = nodes_failed + ?,
    nodes_cancelled = nodes_cancelled + ?, nodes_skipped = nodes_skipped + ?,
    updated_at = max(?, updated_at + 1)
WHERE id = ?
"""
_INSERT = """
INSERT INTO node_executions (
    workflow_execution_id, id, node_id, parent_node_execution_id, iteration, execution_order,
    status, recorder_id, started_at, attempt_started_at, ended_at, seen_at,
    error_type, error_message, error_traceback, input_data, output_data
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_AS_REMEMBERED = """
WHERE workflow_execution_id = ? AND id = ?
  AND status = ? AND attempt = ? AND started_at = ? AND attempt_started_at = ?
"""
_SETTLE = f"""
UPDATE node_executions SET status = ?, ended_at = ?, error_type = ?, error_message = ?,
    error_traceback = ?, output_data = ?, seen_at = NULL, lost_at = NULL, lost_reason = NULL
{_AS_REMEMBERED}
"""  # noqa: S608 - own text
_AWAIT_RETRY = f"""
UPDATE node_executions SET status = ?, ended_at = ?, error_type = ?, error_message = ?,
    error_traceback = ?, output_data = ?, seen_at = max(seen_at, ?)
{_AS_REMEMBERED}
"""  # noqa: S608 - own text
_KEEP_ATTEMPT = """
INSERT INTO node_attempts (workflow_execution_id, node_execution_id, attempt, status,
    recorder_id, started_at, ended_at, error_type, error_message, error_traceback)
SELECT workflow_execution_id, id, attempt, 'failed',
    recorder_id, attempt_started_at, ended_at, error_type, error_message, error_traceback
FROM node_executions WHERE workflow_execution_id = ? AND id = ?
"""
_BEGIN_NEXT = f"""
UPDATE node_executions SET status = 'running', attempt = attempt + 1, recorder_id = ?,
    attempt_started_at = ?, seen_at = ?, input_data = coalesce(?, input_data), ended_at = NULL,
    lost_at = NULL, lost_reason = NULL, error_type = NULL, error_message = NULL,
    error_traceback = NULL, output_data = NULL
{_AS_REMEMBERED}
"""  # noqa: S608 - own text
_SUM = """
INSERT INTO log_stats
    (workflow_id, executions, nodes_completed, nodes_failed, duration_count, duration_sum)
VALUES (?, 0, ?, ?, ?, ?)
ON CONFLICT (workflow_id) DO UPDATE SET
    nodes_completed = nodes_completed + excluded.nodes_completed,
    nodes_failed = nodes_failed + excluded.nodes_failed,
    duration_count = duration_count + excluded.duration_count,
    duration_sum = duration_sum + excluded.duration_sum
"""
_HEAR = "UPDATE recorders SET last_seen_at = ? WHERE id = ?"


class _OtherThanRemembered(Exception):
    """Somebody else changed what this journal wrote."""


class SqliteWriter:
    """See :class:`everyrun.store.journal.writing.Writer`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: PoolProxiedConnection | None = None
        with database.in_use():
            self._open()
        self._address: Address | None = None
        self._ids: tuple[bytes, ...] = ()

    def write(self, address: Address, moves: Moves, now: int, *, heard_of: bool) -> bool:
        with self._database.in_use():
            if self._kept is None:
                self._open()
            return self._write_in_use(address, moves, now, heard_of=heard_of)

    def _open(self) -> None:
        try:
            self._kept, driver = self._database.open_aside(self)
        except sqlite3.Error as error:
            raise InDoubt from error
        assert isinstance(driver, sqlite3.Connection)
        self._driver = driver
        self._cursor = driver.cursor()

    def _write_in_use(self, address: Address, moves: Moves, now: int, *, heard_of: bool) -> bool:
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
            self._write(address, moves, now, heard_of=heard_of)
            self._cursor.execute("COMMIT")
        except (_OtherThanRemembered, sqlite3.IntegrityError, ValueError):
            self._take_back()
            return False
        except sqlite3.Error as error:
            self._take_back()
            raise InDoubt from error
        except BaseException:
            self._take_back()
            raise
        return True

    def _take_back(self) -> None:
        with suppress(sqlite3.Error):
            self._driver.rollback()

    def _write(self, address: Address, moves: Moves, now: int, *, heard_of: bool) -> None:
        if address is not self._address:
            self._address, self._ids = address, tuple(map(id_bytes, address))
        execution_id, workflow_id, recorder_id, owner = self._ids
        execute = self._cursor.execute
        execute(_FENCE, (execution_id, owner, recorder_id))
        if not self._cursor.fetchone()[0]:
            raise _OtherThanRemembered
        if moves.remembered:
            execute(_COUNT, (*moves.counts, now, execution_id))
            self._expect(1)
        self._write_rows(execution_id, recorder_id, moves)
        if any(moves.sums):
            execute(_SUM, (workflow_id, *moves.sums))
        if heard_of:
            execute(_HEAR, (now, recorder_id))

    def _write_rows(self, execution_id: bytes, recorder_id: bytes, moves: Moves) -> None:
        many = self._cursor.executemany
        if moves.inserted:
            rows = moves.inserted.values()
            many(_INSERT, [_new_values(row, execution_id, recorder_id) for row in rows])
        if moves.settled:
            many(_SETTLE, [(*row[2:], *_key(row, execution_id)) for row in moves.settled])
            self._expect(len(moves.settled))
        if moves.retrying:
            ended = [(*row[2:], row.ended_at, *_key(row, execution_id)) for row in moves.retrying]
            many(_AWAIT_RETRY, ended)
            self._expect(len(ended))
        if moves.begun:
            many(_KEEP_ATTEMPT, [(execution_id, id_bytes(row.id)) for row in moves.begun])
            at_last = [
                (recorder_id, row.started_at, row.started_at, row.input, *_key(row, execution_id))
                for row in moves.begun
            ]
            many(_BEGIN_NEXT, at_last)
            self._expect(len(at_last))

    def _expect(self, rows: int) -> None:
        if self._cursor.rowcount != rows:
            raise _OtherThanRemembered

    def close(self) -> None:
        with self._database.in_use():
            self.let_go()

    def let_go(self) -> None:
        """Close the connection; another one is opened to write again."""
        kept, self._kept = self._kept, None
        if kept is not None:
            self._cursor.close()
            kept.close()


def _new_values(row: NewRow, execution_id: bytes, recorder_id: bytes) -> tuple[object, ...]:
    return (
        execution_id,
        id_bytes(row.id),
        id_bytes(row.node_id),
        None if row.parent is None else id_bytes(row.parent),
        row.iteration,
        row.order,
        row.status,
        recorder_id,
        row.started_at,
        row.started_at,
        row.ended_at,
        row.seen_at,
        row.error_type,
        row.error_message,
        row.error_traceback,
        row.input,
        row.output,
    )


def _key(row: EndedRow | BegunRow, execution_id: bytes) -> tuple[object, ...]:
    before = row.before
    return (
        execution_id,
        id_bytes(row.id),
        before.status,
        before.attempt,
        before.started_at,
        before.attempt_started_at,
    )
