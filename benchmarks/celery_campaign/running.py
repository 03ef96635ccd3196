"""One graph on two workers, left alone or killed again and again, and judged at the end."""

import math
import random
import subprocess
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.engine_campaign.judging import (
    Kill,
    Verdict,
    judge,
    read_marks,
    read_record,
    settled_nodes,
)
from benchmarks.graph_runs.definitions import definition_of
from everyrun.domain.clock import SystemClock
from everyrun.domain.graph import NodeDefinition
from everyrun.domain.status import SETTLED
from everyrun.store.database import Database
from everyrun.store.history import read_execution
from everyrun.workflows.celery.engine import CeleryEngine
from everyrun.workflows.celery.settings import CelerySettings
from everyrun.workflows.launching import LaunchRequest
from everyrun.workflows.saving import save
from tests.support.everyrun_workers import EveryrunWorkers

_LOOK_SECONDS = 0.05


class Killing(NamedTuple):
    """A worker is killed ``every`` so many seconds, ``most`` of them in all."""

    every: float
    most: float = math.inf


class Outcome(NamedTuple):
    """What came of one graph. ``seconds`` from its launch to its end."""

    verdict: Verdict
    nodes: int
    kills: int
    seconds: float


def run_graph(
    name: str,
    parents: Mapping[str, Collection[str]],
    database: Database,
    workers: EveryrunWorkers,
    marks: Path,
    *,
    nap: float,
    killing: Killing | None,
    patience: float,
) -> Outcome:
    """Run a graph whose nodes only leave marks, napping for so many seconds between their two."""
    _save(name, parents, database, marks, nap)
    settings = CelerySettings(broker_url=workers.environment["EVERYRUN_BROKER_URL"])
    engine = CeleryEngine(database, settings)
    began = time.monotonic()
    try:
        execution_id = engine.launch(LaunchRequest(workflow=name)).execution_id
        engine.passes.advance(execution_id)
        kills = _follow(database, execution_id, workers, marks, killing, began + patience)
    finally:
        engine.close()
    seconds = time.monotonic() - began
    with database.reading() as connection:
        record = read_record(connection, execution_id)
    verdict = judge(record, read_marks(marks), kills, parents)
    return Outcome(verdict, len(parents), len(kills), seconds)


def _save(
    name: str, parents: Mapping[str, Collection[str]], database: Database, marks: Path, nap: float
) -> None:
    def marking(_key: str) -> NodeDefinition:
        arguments = {"marks": str(marks), "seconds": nap}
        parameters = {"function": "benchmarks.engine_campaign.doing:work", "arguments": arguments}
        return NodeDefinition(type="python", parameters=parameters)

    definition = definition_of(name, parents, marking)
    save(database, definition, by="campaign", now=SystemClock().now())


def _follow(
    database: Database,
    execution_id: str,
    workers: EveryrunWorkers,
    marks: Path,
    killing: Killing | None,
    until: float,
) -> list[Kill]:
    """Until the execution has settled, or the patience is out; answers the kills."""
    kills: list[Kill] = []
    next_kill: float | None = None
    draw = random.Random()
    while time.monotonic() < until:
        with database.reading() as connection:
            if read_execution(connection, execution_id).status in SETTLED:
                break
        if killing is not None and len(kills) < killing.most:
            if next_kill is None and marks.exists():  # now there is something to break
                next_kill = time.monotonic() + killing.every
            elif next_kill is not None and time.monotonic() >= next_kill:
                victim: subprocess.Popen[bytes] = draw.choice(workers.processes)
                workers.kill(victim)
                kills.append(_stands(database, execution_id, marks))
                workers.start()
                next_kill = time.monotonic() + killing.every
        time.sleep(_LOOK_SECONDS)
    return kills


def _stands(database: Database, execution_id: str, marks: Path) -> Kill:
    """What was settled, then the marks: one that comes between is none that came again."""
    with database.reading() as connection:
        settled = settled_nodes(connection, execution_id)
    return Kill(len(read_marks(marks)), settled)
