"""The list schedule: whenever a worker is free, the first of the ready tasks starts, at no cost.

What no engine beats with the same order; :func:`critical_path` and the sum over the workers bound
every order. Pure: durations in, moments out, all in seconds from the begin.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.graph_runs.definitions import Parents

Order = Callable[[str, float], tuple[float, ...]]
"""(task, when it became ready) -> where it stands among the ready ones, the lowest first."""


@dataclass(frozen=True)
class Schedule:
    """When each task starts, and when the last one ends."""

    starts: Mapping[str, float]
    makespan: float


def longest_path_first(parents: Parents, seconds: Mapping[str, float]) -> Order:
    """The one with most to do behind it first, itself included, as the engine has it.

    ``seconds`` may be estimates: all equal, for a graph that never ran. Of equals goes first what
    was ready first, then what is defined first.
    """
    position = {task: float(number) for number, task in enumerate(parents)}
    behind = paths_behind(parents, seconds)
    return lambda task, ready_at: (-behind[task], ready_at, position[task])


def list_schedule(
    parents: Parents, seconds: Mapping[str, float], workers: int, order: Order
) -> Schedule:
    """Play the list schedule through. Raises ``ValueError`` when tasks wait in a circle."""
    children = children_of(parents)
    missing = {task: len(set(needed)) for task, needed in parents.items()}
    ready = [(order(task, 0.0), task) for task, count in missing.items() if count == 0]
    heapq.heapify(ready)
    running: list[tuple[float, str]] = []
    starts: dict[str, float] = {}
    now = 0.0
    while ready or running:
        while ready and len(running) < workers:
            _, task = heapq.heappop(ready)
            starts[task] = now
            heapq.heappush(running, (now + seconds[task], task))
        now = running[0][0]
        while running and running[0][0] <= now:
            _, ended = heapq.heappop(running)
            for child in children[ended]:
                missing[child] -= 1
                if missing[child] == 0:
                    heapq.heappush(ready, (order(child, now), child))
    if len(starts) < len(parents):
        raise ValueError("the tasks wait for each other in a circle")
    return Schedule(starts, now)


def critical_path(parents: Parents, seconds: Mapping[str, float]) -> float:
    """Seconds of the longest path: what any number of workers needs."""
    return max(paths_behind(parents, seconds).values(), default=0.0)


def least_makespan(parents: Parents, seconds: Mapping[str, float], workers: int) -> float:
    """The bound that no order beats: the longest path, or the work shared out evenly."""
    return max(critical_path(parents, seconds), sum(seconds.values()) / workers)


def paths_behind(parents: Parents, seconds: Mapping[str, float]) -> dict[str, float]:
    """Seconds of the longest path that begins with each task."""
    children = children_of(parents)
    unknown = {task: len(children[task]) for task in parents}
    known = [task for task, count in unknown.items() if count == 0]
    behind: dict[str, float] = {}
    for task in known:
        behind[task] = seconds[task] + max((behind[child] for child in children[task]), default=0.0)
        for parent in set(parents[task]):
            unknown[parent] -= 1
            if unknown[parent] == 0:
                known.append(parent)
    if len(behind) < len(parents):
        raise ValueError("the tasks wait for each other in a circle")
    return behind


def children_of(parents: Parents) -> dict[str, list[str]]:
    """The other direction of the edges."""
    children: dict[str, list[str]] = defaultdict(list)
    for task, needed in parents.items():
        for parent in set(needed):
            children[parent].append(task)
    return children
