"""The test server itself: it must outlive what tests do to it, and nobody else."""

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.support.postgresql_databases import PostgresqlDatabases
from tests.support.postgresql_server import PostgresqlServer, installation

pytestmark = pytest.mark.postgresql

START_AND_WAIT = """
import sys
from tests.support.postgresql_server import PostgresqlServer

server = PostgresqlServer()
server.start()
print(server.process_id, server.folder, flush=True)
sys.stdin.read()
"""


def test_a_stopped_server_refuses_and_a_started_one_still_has_its_rows(
    postgresql_server: PostgresqlServer,
) -> None:
    with psycopg.connect(postgresql_server.url()) as connection:
        connection.execute("CREATE TABLE kept (n integer)")
        connection.execute("INSERT INTO kept VALUES (7)")
    postgresql_server.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgresql_server.url())
    postgresql_server.start()

    with psycopg.connect(postgresql_server.url()) as connection:
        assert (7,) == connection.execute("SELECT n FROM kept").fetchone()


def test_a_crash_loses_nothing_that_was_committed(postgresql_server: PostgresqlServer) -> None:
    with psycopg.connect(postgresql_server.url()) as connection:
        connection.execute("CREATE TABLE kept (n integer)")
        connection.execute("INSERT INTO kept VALUES (7)")
        connection.commit()
        postgresql_server.crash()
    postgresql_server.start()

    with psycopg.connect(postgresql_server.url()) as connection:
        assert (7,) == connection.execute("SELECT n FROM kept").fetchone()


def test_a_removed_server_leaves_no_process_and_no_folder() -> None:
    with PostgresqlServer() as server:
        ending = os.pidfd_open(server.process_id)
        folder = server.folder

    ended = _ends(ending)

    assert (True, False) == (ended, folder.exists())


def test_a_killed_test_run_leaves_no_server(tmp_path: Path) -> None:
    program = tmp_path / "run.py"
    program.write_text(START_AND_WAIT)
    run = subprocess.Popen(
        [sys.executable, program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with run:
        assert run.stdout is not None
        process_id, folder = run.stdout.readline().split()
        ending = os.pidfd_open(int(process_id))
        run.send_signal(signal.SIGKILL)
    ended = _ends(ending)
    shutil.rmtree(folder)

    assert ended


def test_every_lent_database_is_a_new_one_and_is_dropped(
    postgresql_databases: PostgresqlDatabases,
) -> None:
    with postgresql_databases.lend() as template:
        with psycopg.connect(template) as connection:
            connection.execute("CREATE TABLE copied (n integer)")
        with (
            postgresql_databases.lend(template) as copy,
            postgresql_databases.lend() as other,
            psycopg.connect(copy) as in_copy,
            psycopg.connect(other) as in_other,
        ):
            found = "SELECT count(*) FROM pg_tables WHERE tablename = 'copied'"
            counts = [c.execute(found).fetchone() for c in (in_copy, in_other)]

    assert [(1,), (0,)] == counts
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(copy)


def test_a_version_that_is_not_there_is_named() -> None:
    with pytest.raises(LookupError, match="no PostgreSQL 9 "):
        installation(9)


def _ends(process: int) -> bool:
    """Wait for the process of this descriptor to end, at most a minute."""
    try:
        ready, _, _ = select.select([process], [], [], 60)
    finally:
        os.close(process)
    return bool(ready)
