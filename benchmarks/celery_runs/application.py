"""One application with a task that does nothing, put on record in the way that a variant names.

Workers and senders import it, so the environment tells: ``CELERY_COST_VARIANT``,
``CELERY_COST_BROKER``, ``CELERY_COST_FOLDER``. What handlers of signals take is measured by two
handlers of this module's own, one connected before a variant's and one after.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

from celery import Celery, signals

VARIANTS = ("untracked", "tracked", "seed", "database", "events")
"""Untracked first: the others are measured against it."""

VARIANT = os.environ.get("CELERY_COST_VARIANT", "untracked")
FOLDER = Path(os.environ.get("CELERY_COST_FOLDER", "."))

app = Celery("cost", broker=os.environ.get("CELERY_COST_BROKER", "memory://"))
app.conf.update(
    worker_prefetch_multiplier=64,
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    worker_hijack_root_logger=False,
)

_taken: list[float] = []
_begun = [0.0]


def _begin(**_: Any) -> None:
    _begun[0] = time.perf_counter()


def _end_prerun(**_: Any) -> None:
    _taken.append(time.perf_counter() - _begun[0])


def _end_postrun(**_: Any) -> None:
    if _taken:
        _taken[-1] += time.perf_counter() - _begun[0]


def _write_down(**_: Any) -> None:
    (FOLDER / f"handlers-{os.getpid()}.json").write_text(json.dumps(_taken))


signals.worker_process_shutdown.connect(_write_down, weak=False)
signals.task_prerun.connect(_begin, weak=False)
signals.task_postrun.connect(_begin, weak=False)

if VARIANT == "tracked":
    from everyrun.integrations.celery import install

    install(app)
elif VARIANT == "seed":
    from benchmarks.celery_runs import seed_design

    seed_design.install(FOLDER / "seed.db")
elif VARIANT == "database":
    app.conf.update(result_backend=f"db+sqlite:///{FOLDER}/results.db", task_ignore_result=False)
elif VARIANT == "events":
    app.conf.update(worker_send_task_events=True, task_send_sent_event=True)

signals.task_prerun.connect(_end_prerun, weak=False)
signals.task_postrun.connect(_end_postrun, weak=False)


@app.task(name="cost.nothing")
def nothing(*_: Any) -> None:
    """Do nothing."""
