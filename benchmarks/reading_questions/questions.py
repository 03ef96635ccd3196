"""The questions, in groups: each one call into ``store.reading``, as a page makes it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from benchmarks.reading_questions.samples import Samples
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.store.reading.dashboard import log_statistics, today
from everyrun.store.reading.execution import read_execution
from everyrun.store.reading.executions import list_executions
from everyrun.store.reading.finding import find_execution
from everyrun.store.reading.logs import last_lines, search, tail
from everyrun.store.reading.statistics import node_statistics, workflow_statistics

PAGE_TARGET_MS = 25.0
TODAY_TARGET_MS = 5.0
ZONES = ("Asia/Seoul", "UTC", "America/New_York", "Asia/Kathmandu")

Question = Callable[[Connection], Any]


@dataclass(frozen=True)
class Group:
    """Questions of one sort, and the p99 (ms) that they have to keep, if any."""

    name: str
    questions: Sequence[Question]
    target_ms: float | None = None


def _lists(samples: Samples, size: int, variants: int) -> list[Question]:
    random_ = random.Random(size)
    return [
        partial(_list, filters=filters, cursor=cursor)
        for filters in samples.combinations(size, variants, seed=size)
        for cursor in samples.cursors(random_)
    ]


def _list(connection: Connection, filters: ExecutionFilters, cursor: str | None = None) -> Any:
    return list_executions(connection, filters, cursor=cursor)


def _tails(samples: Samples, begin: int) -> list[Question]:
    cursors = [max(0, begin + step * 100) for step in range(-5, 5)]
    return [partial(tail, execution=samples.longest, after=after) for after in cursors * 5]


def _searches(samples: Samples) -> list[Question]:
    workflow = samples.workflows[0]
    wanted: list[dict[str, Any]] = [
        {},
        {"levels": ["error"]},
        {"levels": ["warning", "error"], "text": "재고"},
        {"text": "HTTP 200 in 77"},
        {"text": "it's fine"},
        {"levels": ["info"], "text": "order_5"},
        {"workflow": workflow},
        {"workflow": workflow, "levels": ["error"]},
        {"execution_id": samples.longest, "text": "50%"},
    ]
    return [
        partial(search, until=samples.newest - timedelta(days=days), **how)
        for how in wanted
        for days in (0, 3, 40)
    ]


def _days(samples: Samples) -> list[Question]:
    return [
        partial(today, now=samples.now - days * 86_400_000_000, zone=zone)
        for days in range(25)
        for zone in ZONES
    ]


def _finds(samples: Samples) -> list[Question]:
    return [partial(find_execution, text=id_[:23]) for id_ in samples.ids]


def all_groups(samples: Samples, *, thorough: bool) -> list[Group]:
    """Every group. Less ``thorough`` asks a small part of the questions."""
    groups = _groups(samples, 6 if thorough else 1)
    if thorough:
        return groups
    return [replace(group, questions=group.questions[::4]) for group in groups]


def _groups(samples: Samples, times: int) -> list[Group]:
    some_workflows = samples.workflows[:: max(1, len(samples.workflows) // 10)]
    return [
        Group("list, no filter", _lists(samples, 0, 20 * times), PAGE_TARGET_MS),
        Group("list, one filter", _lists(samples, 1, 3 * times), PAGE_TARGET_MS),
        Group("list, two filters", _lists(samples, 2, times), PAGE_TARGET_MS),
        Group("list, three filters", _lists(samples, 3, 1)[:: 6 // times], PAGE_TARGET_MS),
        Group(
            "execution of 1,000 nodes",
            [partial(read_execution, execution_id=samples.widest)] * 10 * times,
            PAGE_TARGET_MS,
        ),
        Group("log tail, start", _tails(samples, 500), PAGE_TARGET_MS),
        Group("log tail, middle", _tails(samples, samples.lines // 2), PAGE_TARGET_MS),
        Group("log tail, end", _tails(samples, samples.lines - 500), PAGE_TARGET_MS),
        Group(
            "last 1,000 log lines",
            [partial(last_lines, execution=samples.longest, count=1_000)] * 10,
        ),
        Group("today", _days(samples), TODAY_TARGET_MS),
        Group("log statistics", [log_statistics] * 20),
        Group("find by prefix", _finds(samples)),
        Group("search in all logs", _searches(samples)),
        Group(
            "statistics of a workflow",
            [partial(workflow_statistics, workflow=name) for name in some_workflows],
        ),
        Group(
            "statistics of a week",
            [partial(workflow_statistics, since=samples.newest - timedelta(days=7))] * 3,
        ),
        Group("statistics of all time", [workflow_statistics] * 2),
        Group(
            "statistics of nodes",
            [partial(node_statistics, workflow=name) for name in some_workflows],
        ),
    ]
