"""What recording costs the caller, beside one bare ``os.write`` of the same bytes.

    python -m benchmarks.recording [--calls 20000] [--runs 7] [--flood 1000000]

Each figure is the median over runs of the time of one call, the spool included and the shipping
thread at work on a real SQLite ledger beside it. ``ratio`` is to ``os.write`` of as many bytes as
the call put on the spool, measured in the same run.
"""

import argparse
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import everyrun
from everyrun.domain import events
from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import new_id
from everyrun.tracking import recording

CHUNK = 500


def _microseconds(call: Callable[[], object], calls: int) -> float:
    """The median over chunks of the time of one call."""
    chunks = []
    for _ in range(max(1, calls // CHUNK)):
        begun = time.perf_counter()
        for _ in range(CHUNK):
            call()
        chunks.append((time.perf_counter() - begun) / CHUNK * 1e6)
    return statistics.median(chunks)


def _bare_write(folder: Path, size: int, calls: int) -> float:
    payload = b"x" * size
    descriptor = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        return _microseconds(lambda: os.write(descriptor, payload), calls)
    finally:
        os.close(descriptor)
        (folder / "bare").unlink()


class _Measured:
    """The calls that are measured, with the bytes that each puts on the spool."""

    def __init__(self, folder: Path) -> None:
        self._recorder = recording.current()
        self._of = {"execution_id": new_id(), "workflow": "benchmark"}
        self._clock = SystemClock()
        self._file = logging.getLogger("benchmark.file")
        self._file.propagate = False
        self._file.addHandler(logging.FileHandler(folder / "file.log"))
        self._file.setLevel(logging.INFO)

    def line(self) -> events.LineLogged:
        return events.LineLogged(
            execution_id=self._of["execution_id"],
            workflow=self._of["workflow"],
            id=new_id(),
            at=self._clock.now(),
            message="processed 128 rows",
            data={"rows": 128},
        )

    def record(self) -> None:
        self._recorder.record(self.line())

    def log_to_file(self) -> None:
        self._file.info("processed %d rows", 128)


@everyrun.node
def empty_node() -> None:
    """Nothing."""


@everyrun.node
async def empty_async_node() -> None:
    """Nothing."""


@everyrun.node
def node_with_arguments(path: str, limit: int) -> dict[str, int]:
    """Next to nothing."""
    return {"rows": limit}


def _finish(coroutine: object) -> None:
    """Run a coroutine that awaits nothing to its end, without the cost of an event loop."""
    try:
        coroutine.send(None)  # type: ignore[attr-defined]
    except StopIteration:
        return


def _bytes_of(call: Callable[[], object]) -> int:
    """How many bytes one call puts on the spool, frame included."""
    recorder = recording.current()
    sizes: list[int] = []
    original = recorder.record

    def measure(event: events.AnyEvent) -> None:
        sizes.append(len(events.encode(event)) + 8)
        original(event)

    recorder.record = measure  # type: ignore[method-assign]
    try:
        call()
    finally:
        del recorder.record
    return sum(sizes)


def measure_costs(folder: Path, calls: int, runs: int) -> list[tuple[str, float, float, int]]:
    """(what, µs a call, µs of the bare write, bytes), medians over runs."""
    measured = _Measured(folder)
    found: list[tuple[str, float, float, int]] = []
    with everyrun.execution("benchmark"):
        cases: list[tuple[str, Callable[[], object]]] = [
            ("record(), small payload", measured.record),
            ("everyrun.log.info(…, rows=128)", lambda: everyrun.log.info("processed", rows=128)),
            ("tracked empty function", empty_node),
            ("tracked function, 2 arguments, result", lambda: node_with_arguments("a.csv", 128)),
            ("tracked empty async function", lambda: _finish(empty_async_node())),
        ]
        for name, call in cases:
            size = _bytes_of(call)
            taken, bare = [], []
            for _ in range(runs):
                taken.append(_microseconds(call, calls))
                recording.current().flush(60)  # os.write gives the GIL away; let nobody take it
                bare.append(_bare_write(folder, size, calls))
            found.append((name, statistics.median(taken), statistics.median(bare), size))
    filed = [_microseconds(measured.log_to_file, calls) for _ in range(runs)]
    found.append(("(logging.FileHandler, for comparison)", statistics.median(filed), 0.0, 0))
    return found


def flood(count: int) -> tuple[float, float]:
    """Record ``count`` events without a pause; (seconds, MiB by which the peak memory grew)."""
    recorder, measured = recording.current(), _Measured(Path(tempfile.mkdtemp()))
    recorder.record(measured.line())
    recorder.flush(30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    for _ in range(count):
        measured.record()
    took = time.perf_counter() - begun
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    sys.stdout.write(f"{took} {grown / 1024} {recorder.dropped}\n")
    return took, grown / 1024


def _flood_elsewhere(folder: Path, count: int) -> tuple[float, float, int]:
    """The flood in a fresh process: (µs an event, MiB grown, events dropped)."""
    program = "from benchmarks.recording import flood; import sys; flood(int(sys.argv[1]))"
    environment = {**os.environ, "EVERYRUN_HOME": str(folder), "EVERYRUN_FLUSH_AT_EXIT": "0"}
    command = [sys.executable, "-c", program, str(count)]
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    took, grown, dropped = answer.stdout.split()
    return float(took) / count * 1e6, float(grown), int(dropped)


def _import_milliseconds(runs: int) -> float:
    """``import everyrun`` beyond an empty interpreter, in a fresh process each time.

    From compiled modules, as an installed package has them.
    """
    environment = {**os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def once(program: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True, env=environment)
        return (time.perf_counter() - begun) * 1e3

    once("import everyrun")
    return statistics.median(once("import everyrun") - once("pass") for _ in range(runs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--flood", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        everyrun.configure(home=folder / "home", flush_at_exit=0)
        print(f"{'what':<42}{'µs':>8}{'os.write':>10}{'ratio':>8}{'bytes':>7}")
        for what, taken, bare, size in measure_costs(folder, options.calls, options.runs):
            ratio = f"{taken / bare:>8.1f}{size:>7}" if bare else ""
            print(f"{what:<42}{taken:>8.2f}{bare:>10.2f}{ratio}")
        per_event, grown, dropped = _flood_elsewhere(folder / "flood", options.flood)
        print(
            f"flood of {options.flood:,} events: {per_event:.2f} µs an event, "
            f"peak memory grew by {grown:.1f} MiB, {dropped:,} dropped"
        )
        print(f"import everyrun: {_import_milliseconds(options.runs):.0f} ms")
        recording.current().close(0)


if __name__ == "__main__":
    main()
