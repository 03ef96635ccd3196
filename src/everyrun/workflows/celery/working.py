"""A worker: Celery's, with our application; each of its processes runs nodes."""

import logging
import os
from multiprocessing import process as processes
from typing import TYPE_CHECKING

from everyrun.store.database import open_database
from everyrun.tracking.settings import Settings
from everyrun.workflows.celery.application import NODE_TASK, make_app
from everyrun.workflows.celery.hosting import Host
from everyrun.workflows.celery.passes import Passes
from everyrun.workflows.celery.sending import Sender
from everyrun.workflows.celery.settings import CelerySettings
from everyrun.workflows.settings import EngineSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from celery import Celery

POOLS = ("prefork", "threads", "solo")

_log = logging.getLogger("everyrun.workers")
_BEFORE_FORKING = processes.current_process()
_hosts: dict[int, Host] = {}
"""Process -> what runs nodes in it. Opened in the process that uses it, never before a fork."""


def make_passes(app: "Celery | None" = None) -> Passes:
    """What this process makes passes with, by its environment."""
    settings = CelerySettings.from_environment()
    sender = Sender(settings.require_broker(), app)
    database = open_database(Settings.from_environment().url)
    return Passes(database, sender, settings, EngineSettings.from_environment())


def worker_app() -> "Celery":
    """The application of a worker: with the task that runs a node."""
    app = make_app(CelerySettings.from_environment().require_broker())

    @app.task(name=NODE_TASK, shared=False)
    def run_node(execution_id: str, node_execution_id: str, attempt: int) -> None:
        _host(app).run(execution_id, node_execution_id, attempt)

    return app


def work(
    app: "Celery",
    *,
    queues: "Sequence[str]",
    concurrency: int,
    pool: str,
    name: str | None,
    loglevel: str = "WARNING",
) -> int:
    """Run a worker until it is told to end; answers its exit code."""
    worker = app.Worker(
        queues=list(queues),
        concurrency=concurrency,
        pool=pool,
        hostname=name or f"everyrun-{os.getpid()}@{os.uname().nodename}",
        loglevel=loglevel,
        without_gossip=True,
        without_mingle=True,
        optimization="fair",
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def _host(app: "Celery") -> Host:
    host = _hosts.get(os.getpid())
    if host is None:
        _let_nodes_start_processes()
        host = _hosts[os.getpid()] = Host(make_passes(app))
    return host


def _let_nodes_start_processes() -> None:
    """Undo what Celery's pool does to ``multiprocessing`` in its processes.

    It puts an object of its own where that keeps the current process: a daemon, which may start no
    others, with a key that cannot be handed to them. Nodes in processes of their own need both, and
    so does whatever a node starts itself.
    """
    setattr(processes, "_current_process", _BEFORE_FORKING)  # noqa: B010 - nobody else names it
