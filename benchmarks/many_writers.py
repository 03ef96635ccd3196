"""Several processes record into one SQLite file at once: is anyone told that it is locked?

    python -m benchmarks.many_writers [--processes 8] [--seconds 60] [--rate 400]

Each process records node executions and lines at a steady pace and says at the end how many it
recorded, how often its sink failed and what it wrote to stderr. Afterwards everything is counted.
Exits with 1 when a write failed, a word reached stderr, or an event is missing or there twice.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from everyrun.domain import events
from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.checking import check_counters, check_integrity
from everyrun.store.database import open_database
from everyrun.store.tables import ExecutionLog, NodeExecution
from everyrun.tracking import recording

TURN = 0.05
"""Seconds between two bursts of a process."""


def write_for(seconds: float, rate: int) -> None:
    """Record ``rate`` node executions (three events each) a second, then report on stdout."""
    recorder, clock = recording.current(), SystemClock()
    end, recorded = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        execution: dict[str, Any] = {"execution_id": new_id(), "workflow": "many writers"}
        for _ in range(int(rate * TURN)):
            at = clock.now()
            node = {**execution, "node": "step", "node_execution_id": new_id()}
            recorder.record(events.NodeStarted(**node, at=at, input={"rows": 128}))
            recorder.record(events.LineLogged(**node, id=new_id(), at=at, message="half way"))
            recorder.record(
                events.NodeFinished(**node, at=at + 9, started_at=at, status=Status.COMPLETED)
            )
            recorded += 1
        time.sleep(TURN)
    recorder.flush(120)
    report = {"recorded": recorded, "failures": recorder.failures, "dropped": recorder.dropped}
    sys.stdout.write(json.dumps(report))


def run(url: str, home: Path, processes: int, seconds: float, rate: int) -> dict[str, Any]:
    """One run: sums of the reports, what is on record, and what went wrong."""
    program = "from benchmarks.many_writers import write_for; import sys; "
    program += "write_for(float(sys.argv[1]), int(sys.argv[2]))"
    command = [sys.executable, "-c", program, str(seconds), str(rate)]
    environment = {**os.environ, "EVERYRUN_URL": url, "EVERYRUN_HOME": str(home)}
    writers = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(processes)
    ]
    answers = [writer.communicate() for writer in writers]
    reports = [json.loads(answer) for answer, _complaint in answers]
    database = open_database(url)
    with database.reading() as connection:
        completed = select(func.count()).where(NodeExecution.status == "completed")
        nodes = connection.execute(completed).scalar_one()
        lines = connection.execute(select(func.count()).select_from(ExecutionLog)).scalar_one()
        problems = check_counters(connection) + check_integrity(connection)
    database.close()
    sums = {key: sum(report[key] for report in reports) for key in reports[0]}
    complaints = [complaint.decode() for _answer, complaint in answers if complaint]
    return {**sums, "nodes": nodes, "lines": lines, "complaints": complaints, "problems": problems}


def is_clean(result: dict[str, Any]) -> bool:
    """Whether everything recorded is on record, once, and nobody was told of any trouble."""
    expected = result["recorded"]
    return (
        expected == result["nodes"] == result["lines"]
        and result["failures"] == result["dropped"] == 0
        and not result["complaints"]
        and not result["problems"]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'everyrun.db'}"
        result = run(url, Path(folder), options.processes, options.seconds, options.rate)
    print(
        f"{options.processes} processes, {options.seconds:.0f} s: "
        f"{result['recorded']:,} node executions and as many lines recorded, "
        f"{result['nodes']:,} and {result['lines']:,} on record; "
        f"{result['failures']} failed writes, "
        f"{result['dropped']} dropped, {len(result['complaints'])} processes complained"
    )
    for trouble in [*result["complaints"], *result["problems"]]:
        print(f"  {trouble.strip()[:400]}")
    return 0 if is_clean(result) else 1


if __name__ == "__main__":
    sys.exit(main())
