"""A process that forks while an SQLite ledger is open, and what its children do with the ledger."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from everyrun.domain.identifiers import new_id
from everyrun.store.database import Database
from everyrun.store.leaderships import lead, leader_of
from tests.support.forking_process import CHILDREN

ROOT = Path(__file__).parents[3]


def _run(what: str, url: str) -> str:
    command = [sys.executable, "-m", "tests.support.forking_process", what, url]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def test_children_write_whatever_their_parent_was_doing(migrated_sqlite_url: str) -> None:
    assert str([0] * CHILDREN) == _run("while-writing", migrated_sqlite_url)


def test_what_a_child_writes_is_there_though_its_parent_closed_the_ledger(
    migrated_sqlite_url: str,
) -> None:
    assert "[0]" == _run("outliving", migrated_sqlite_url)
    with Database(migrated_sqlite_url).reading() as connection:
        assert leader_of(connection, "child") is not None


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_child_inherits_no_open_ledger_and_its_parent_goes_on(migrated_sqlite_url: str) -> None:
    database = Database(migrated_sqlite_url)
    path = str(Path(str(database.url.database)).resolve())
    assert database.transact(lambda c: lead(c, "role", new_id(), "host-a", 1, 2))
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        links = [each for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
        opened = [str(each.readlink()) for each in links]
        os.write(write, str(sum(each.startswith(path) for each in opened)).encode())
        os._exit(0)
    os.waitpid(child, 0)

    assert b"0" == os.read(read, 10)
    with database.reading() as connection:
        assert leader_of(connection, "role") is not None
    os.close(read)
    os.close(write)
    database.close()
