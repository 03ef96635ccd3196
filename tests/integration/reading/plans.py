"""Reads how a database would answer, and says what is wrong with it.

Wrong is what grows with the ledger: looking at a whole big table or index, and sorting rows whose
number nothing bounds.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from everyrun.store.database import Database

BIG_TABLES = (
    "workflow_executions",
    "node_executions",
    "node_attempts",
    "execution_logs",
    "execution_tags",
    "external_ids",
    "stats_buckets",
)
_SQLITE_SCAN = re.compile(rf"^SCAN (t|{'|'.join(BIG_TABLES)})\b")
_EXPLAINS_GENERIC_PLANS = 160_000
_SQLITE_SORT = "USE TEMP B-TREE FOR"


def sqlite_faults(steps: list[str]) -> list[str]:
    """What is wrong with the steps of an EXPLAIN QUERY PLAN."""
    scans = [f"{step} without a condition" for step in steps if _SQLITE_SCAN.match(step)]
    return scans + [f"{step} of unbounded rows" for step in steps if _SQLITE_SORT in step]


def postgresql_faults(plan: dict[str, Any]) -> list[str]:
    """What is wrong with a plan of EXPLAIN (FORMAT JSON)."""
    faults = []
    for node in _nodes(plan):
        if _reads_a_big_table(node) and not (node.get("Index Cond") or _is_bitmap_heap(node)):
            faults.append(f"{node['Node Type']} on {node['Relation Name']} without a condition")
        if node["Node Type"] in {"Sort", "Incremental Sort"} and not _is_bounded(node):
            faults.append(f"{node['Node Type']} by {node['Sort Key']} of unbounded rows")
    return faults


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _reads_a_big_table(node: dict[str, Any]) -> bool:
    relation: str = node.get("Relation Name", "")
    return relation.startswith(BIG_TABLES)


def _is_bitmap_heap(node: dict[str, Any]) -> bool:
    kind: str = node["Node Type"]
    return kind == "Bitmap Heap Scan"


def _is_bounded(node: dict[str, Any]) -> bool:
    """Whether every read of a big table below ends at a LIMIT."""
    if node["Node Type"] == "Limit":
        return True
    if _reads_a_big_table(node):
        return False
    return all(_is_bounded(child) for child in node.get("Plans", ()))


def _is_planned_once(cursor: Any) -> bool:
    """Whether statements get the plan that knows no values, and the server can show it."""
    cursor.execute("SHOW plan_cache_mode")
    (mode,) = cursor.fetchone()
    return (
        bool(mode == "force_generic_plan")
        and cursor.connection.info.server_version >= _EXPLAINS_GENERIC_PLANS
    )


def _plan(cursor: Any) -> dict[str, Any]:
    (answer,) = cursor.fetchone()
    plans = answer if isinstance(answer, list) else json.loads(answer)
    plan: dict[str, Any] = plans[0]["Plan"]
    return plan


class PlanReader:
    """Asks for the plan of each statement that is new to it, where it runs, with its values."""

    def __init__(self, database: Database) -> None:
        self._postgresql = database.dialect == "postgresql"
        self._seen: set[str] = set()
        self.statements: list[str] = []
        self.faults: list[str] = []

    def __call__(
        self, _conn: Any, cursor: Any, statement: str, parameters: Any, *_context: Any
    ) -> None:
        if not statement.lstrip().startswith(("SELECT", "WITH")) or statement in self._seen:
            return
        self._seen.add(statement)
        self.statements.append(statement)
        asking = cursor.connection.cursor()
        self.faults += [
            f"{fault}\n  {statement}" for fault in self._ask(asking, statement, parameters)
        ]
        asking.close()

    def _ask(self, cursor: Any, statement: str, parameters: Any) -> list[str]:
        if self._postgresql:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            faults = postgresql_faults(_plan(cursor))
            numbered = cursor._query.query.decode().removeprefix("EXPLAIN (FORMAT JSON) ")
            if _is_planned_once(cursor):
                cursor.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {numbered}".encode())
                faults += postgresql_faults(_plan(cursor))
            return faults
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return sqlite_faults([row[3] for row in cursor.fetchall()])


@contextmanager
def reading_plans(database: Database) -> Iterator[PlanReader]:
    """Within, the plan of every query to this database is read."""
    reader = PlanReader(database)
    event.listen(database.engine, "after_cursor_execute", reader)
    yield reader
    event.remove(database.engine, "after_cursor_execute", reader)
