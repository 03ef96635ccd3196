"""A journal's moves on PostgreSQL: one prepared statement, which is the transaction.

So a commit is one round trip. ``postgresql_statements`` says what it does.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import msgspec
import psycopg

from everyrun.store.database import Database
from everyrun.store.journal.postgresql_statements import Shape, statement
from everyrun.store.journal.rows import BegunRow, EndedRow, Moves, NewRow, OpenRow
from everyrun.store.journal.writing import Address, InDoubt
from everyrun.store.partitions import month_of, suffix_of

_SETTINGS = (
    "SET jit = off; SET plan_cache_mode = force_generic_plan; "
    "SET enable_seqscan = off; SET enable_bitmapscan = off"
)
"""Every row is found by its whole key, so there is one good plan, and it is made once."""

_encode = msgspec.json.Encoder().encode


class PostgresqlWriter:
    """See :class:`everyrun.store.journal.writing.Writer`."""

    def __init__(self, database: Database) -> None:
        try:
            self._kept, driver = database.open_aside()
            assert isinstance(driver, psycopg.Connection)
            driver.autocommit = True
            driver.execute(_SETTINGS)
        except psycopg.Error as error:
            raise InDoubt from error
        self._driver = driver
        self._cursor = driver.cursor()

    def write(self, address: Address, moves: Moves, now: int, *, heard_of: bool) -> bool:
        shape = Shape(
            changed=bool(moves.remembered),
            inserted=bool(moves.inserted),
            settled=bool(moves.settled),
            retrying=bool(moves.retrying),
            begun=bool(moves.begun),
            summed=any(moves.sums),
            heard_of=heard_of,
        )
        month = suffix_of(month_of(address.execution_id))
        try:
            parameters = _parameters(address, moves, now)
            self._cursor.execute(statement(month, shape), parameters, prepare=True)
        except ValueError:  # what has no UTF-8; the general door says which event it is
            return False
        except psycopg.Error as error:
            if self._driver.closed:
                raise InDoubt from error
            return False
        return True

    def close(self) -> None:
        with suppress(psycopg.Error):
            self._kept.close()


def _parameters(address: Address, moves: Moves, now: int) -> dict[str, str]:
    total, completed, failed, cancelled, skipped = map(str, moves.counts)
    sum_completed, sum_failed, sum_timed, sum_took = map(str, moves.sums)
    parameters = {
        "execution": address.execution_id,
        "workflow": address.workflow_id,
        "recorder": address.recorder_id,
        "owner": address.owner,
        "now": str(now),
        "total": total,
        "completed": completed,
        "failed": failed,
        "cancelled": cancelled,
        "skipped": skipped,
        "sum_completed": sum_completed,
        "sum_failed": sum_failed,
        "sum_timed": sum_timed,
        "sum_took": sum_took,
    }
    if moves.inserted:
        parameters["inserted"] = _text([_new_row(row) for row in moves.inserted.values()])
    if moves.settled:
        _add_rows(parameters, "settled", {row.id: _ended_row(row) for row in moves.settled})
    if moves.retrying:
        _add_rows(parameters, "retrying", {row.id: _ended_row(row) for row in moves.retrying})
    if moves.begun:
        _add_rows(parameters, "begun", {row.id: _begun_row(row) for row in moves.begun})
    return parameters


def _add_rows(parameters: dict[str, str], name: str, rows: dict[str, dict[str, Any]]) -> None:
    parameters[name] = _text(rows)
    parameters[f"{name}_ids"] = _array(rows)
    parameters[f"{name}_rows"] = str(len(rows))


def _new_row(row: NewRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "node_id": row.node_id,
        "parent": row.parent,
        "iteration": row.iteration,
        "place": row.order,
        "status": row.status,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "seen_at": row.seen_at,
        "error_type": row.error_type,
        "error_message": row.error_message,
        "error_traceback": row.error_traceback,
        "input": msgspec.Raw(row.input),
        "output": _raw(row.output),
    }


def _ended_row(row: EndedRow) -> dict[str, Any]:
    return {
        "before": _before(row.before),
        "status": row.status,
        "ended_at": row.ended_at,
        "error_type": row.error_type,
        "error_message": row.error_message,
        "error_traceback": row.error_traceback,
        "output": _raw(row.output),
    }


def _begun_row(row: BegunRow) -> dict[str, Any]:
    return {
        "before": _before(row.before),
        "started_at": row.started_at,
        "input": _raw(row.input),
    }


def _before(row: OpenRow) -> dict[str, Any]:
    return {
        "status": row.status,
        "attempt": row.attempt,
        "started_at": row.started_at,
        "attempt_started_at": row.attempt_started_at,
    }


def _raw(payload: str | None) -> msgspec.Raw | None:
    return None if payload is None else msgspec.Raw(payload)


def _text(rows: Any) -> str:
    return _encode(rows).decode()


def _array(ids: Iterable[str]) -> str:
    return f"{{{','.join(ids)}}}"
