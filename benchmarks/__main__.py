"""Every measurement, one after another: what `make bench` runs.

    python -m benchmarks [--quick]

``--quick`` takes a tenth of the work, to see that they run; its figures mean little. The reading
benchmark makes a ledger of its own (``benchmarks.generate_ledger``) at a hundredth of the full
size; for the full size see benchmarks/RESULTS.md.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path


def _run(title: str, *arguments: str) -> None:
    sys.stdout.write(f"\n== {title}\n")
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", *arguments], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    runs = "1" if quick else "5"
    _run(
        "What recording costs the caller",
        "benchmarks.recording",
        *("--runs", runs, "--flood", "100000" if quick else "1000000"),
    )
    _run(
        "How fast facts enter the ledger",
        "benchmarks.append_rate",
        *("--runs", runs, "--rows", "5000" if quick else "50000"),
    )
    _run(
        "Many writers, one SQLite file",
        "benchmarks.many_writers",
        *("--seconds", "6" if quick else "60"),
    )
    _run(
        "What running a graph costs",
        "benchmarks.graphs",
        *("--runs", runs, "--nodes", "100" if quick else "1000", "--cold", "1" if quick else "10"),
    )
    _run(
        "How long graphs of sleeping nodes take",
        "benchmarks.makespan",
        *("--seconds", "2" if quick else "20"),
    )
    _run(
        "How fast events come in over HTTP",
        *("benchmarks.server_load", "ingest", "--runs", "1" if quick else "3"),
        *("--events", "5000" if quick else "50000"),
    )
    _run(
        "A thousand viewers who poll",
        *("benchmarks.server_load", "viewers", "--runs", "1" if quick else "3"),
        *("--seconds", "4" if quick else "20"),
    )
    _run("How large canvases of Celery are read", "benchmarks.canvas_status")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        scale = "0.001" if quick else "0.01"
        _run(
            "Making a ledger to read", "benchmarks.generate_ledger", "--url", url, "--scale", scale
        )
        _run("How fast it is read", "benchmarks.reading", "--url", url)
        _run("How fast a server reads it", "benchmarks.server_load", "questions", "--url", url)


if __name__ == "__main__":
    main()
