"""Signals that come to a process that runs an execution, at whatever moment."""

import os
import signal
from pathlib import Path

import pytest

import everyrun
from everyrun.cli.ledgers.here.runs import RunsHere
from everyrun.cli.ledgers.ports import RunRequest
from everyrun.store.database import Database
from tests.support.graphs import saved


@pytest.fixture
def own_ledger(database: Database, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> Database:
    """The ledger that this process records into; what the command sets is taken back."""
    monkeypatch.setenv("EVERYRUN_URL", database.url.render_as_string(hide_password=False))
    everyrun.configure()
    return database


def test_one_that_comes_before_anybody_watches_cancels_the_execution(
    own_ledger: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    saved(own_ledger, "workflow: holds\nnodes: {hold: {type: wait, with: {for: 10m}}}\n")
    with RunsHere(own_ledger, by="kim", quiet=True) as runs:
        os.kill(os.getpid(), signal.SIGTERM)
        code = runs.launch(RunRequest(workflow="holds", version=1, input={}))

    assert 128 + signal.SIGTERM == code
    assert "cancelled by kim: SIGTERM" in capsys.readouterr().out
