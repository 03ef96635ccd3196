"""What it costs to have Celery on record, beside other ways to watch it.

    python -m benchmarks.celery_cost [--tasks 6000] [--runs 5] [--variants tracked,seed]

Tasks that do nothing, a prefork worker of two processes, Redis on a socket, all on this machine;
the variants take turns. ``rate`` is tasks a second from a full queue to an empty one, the median
over runs; ``of untracked`` compares it. ``processor`` is the worker's processor time a task, pool
and shipping included, which a machine that has other things to do changes less. ``send`` is the
time to send one task, ``handlers`` what the handlers of signals took of one task's time in the
process that ran it. All are medians over runs.

untracked: nothing. tracked: ``everyrun.integrations.celery.install``, SQLite. seed: seed 004's own
design, a session and commits in every signal, SQLite. database: Celery's database result backend,
SQLite. events: task events and one process that takes them in, as Flower does.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.celery_runs.application import VARIANTS
from benchmarks.celery_runs.measuring import Cost, measure


def measure_all(variants: list[str], tasks: int, runs: int, folder: Path) -> dict[str, list[Cost]]:
    """``runs`` costs of every variant, which take turns: the machine's moods hit all of them."""
    found: dict[str, list[Cost]] = {variant: [] for variant in variants}
    for turn in range(runs):
        for variant in variants:
            place = folder / f"{variant}-{turn}"
            place.mkdir(parents=True)
            found[variant].append(measure(variant, tasks, place))
    return found


def table(found: dict[str, list[Cost]]) -> list[str]:
    """The figures in lines."""
    base = statistics.median(cost.rate for cost in found["untracked"])
    heads = f"{'rate':>9}{'of untracked':>14}{'processor':>13}{'send':>11}"
    lines = [f"{'':<12}{heads}{'handlers p50':>15}{'p99':>11}"]
    for variant, costs in found.items():
        rate = statistics.median(cost.rate for cost in costs)
        cpu = statistics.median(cost.cpu for cost in costs) * 1e6
        sending = statistics.median(cost.sending for cost in costs) * 1e6
        p50 = statistics.median(cost.handlers_p50 for cost in costs) * 1e6
        p99 = statistics.median(cost.handlers_p99 for cost in costs) * 1e6
        lines.append(
            f"{variant:<12}{rate:>7,.0f}/s{rate / base:>13.1%}{cpu:>10,.0f} µs{sending:>8,.0f} µs"
            f"{p50:>12,.0f} µs{p99:>8,.0f} µs"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tasks", type=int, default=6_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--variants", default=",".join(VARIANTS))
    options = parser.parse_args()
    variants = ["untracked", *(v for v in options.variants.split(",") if v != "untracked")]
    with tempfile.TemporaryDirectory() as folder:
        found = measure_all(variants, options.tasks, options.runs, Path(folder))
    sys.stdout.write("\n".join(table(found)) + "\n")


if __name__ == "__main__":
    main()
