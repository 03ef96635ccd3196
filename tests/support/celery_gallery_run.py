"""Run a chord with a failing member, and one without, in a real worker, on record.

``python -m tests.support.celery_gallery_run`` prints the id of the execution that failed when both
have settled. Redis and the worker live as long as it does.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from everyrun.domain.status import SETTLED
from everyrun.store.database import Database
from everyrun.store.tables import WorkflowExecution
from tests.support.celery_gallery import BROKER
from tests.support.redis_process import RedisProcess
from tests.support.waiting import wait_until

APPLICATION = "tests.support.celery_gallery"
READY_WITHIN = 60.0


def main() -> None:
    """Start all that it takes, send, wait, end."""
    with tempfile.TemporaryDirectory() as folder, RedisProcess(Path(folder)) as redis:
        os.environ[BROKER] = redis.url(0)
        log = Path(folder) / "worker.log"
        command = [sys.executable, "-m", "celery", "-A", APPLICATION, "worker", "--pool", "solo"]
        command += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        with log.open("wb") as output:
            worker = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: b" ready." in log.read_bytes(), "a worker", READY_WITHIN)
            sent = _send()
            database = Database(f"sqlite:///{os.environ['EVERYRUN_HOME']}/everyrun.db")
            wait_until(lambda: _have_settled(database, sent), "an end", READY_WITHIN)
        finally:
            worker.terminate()
            worker.wait(READY_WITHIN)
    print(sent[-1])


def _send() -> list[str]:
    script = (
        "from celery import chord\n"
        f"from {APPLICATION} import publish, resize\n"
        "from everyrun.integrations.celery import start\n"
        "for last in ['sea.png', 'broken.png']:\n"
        "    pictures = ['hill.png', 'town.png', last]\n"
        "    canvas = chord([resize.s(each) for each in pictures], publish.s())\n"
        "    print(start(canvas, 'publish_gallery', input={'pictures': pictures}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.split()


def _have_settled(database: Database, ids: list[str]) -> bool:
    query = select(WorkflowExecution.status).where(WorkflowExecution.id.in_(ids))
    try:
        with database.reading() as connection:
            found = list(connection.scalars(query))
    except OperationalError:
        return False
    return len(found) == len(ids) and all(status in SETTLED for status in found)


if __name__ == "__main__":
    main()
