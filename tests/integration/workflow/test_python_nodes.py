"""``python`` nodes in a graph: files beside it, in threads, on the loop, in processes."""

from pathlib import Path
from textwrap import dedent

import msgspec
import pytest

from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.workflows.running import Engine
from tests.support.graphs import defined, ran

STEPS = """
import os
from dataclasses import dataclass

import common


@dataclass
class Row:
    name: str


def make(name):
    return Row(common.shout(name))


def read(row):
    return {"name": row.name, "pid": os.getpid()}


async def later(row):
    return row.name
"""
GRAPH = """
workflow: rows
nodes:
  make: {type: python, in_process: true, with: {function: "steps.py:make", arguments: {name: kim}}}
  here:
    needs: make
    type: python
    with: {function: "steps.py:read", arguments: {row: "{{ nodes.make.output }}"}}
  there:
    needs: make
    type: python
    in_process: true
    with: {function: "steps.py:read", arguments: {row: "{{ nodes.make.output }}"}}
  later:
    needs: make
    type: python
    with: {function: "steps.py:later", arguments: {row: "{{ nodes.make.output }}"}}
output:
  here: "{{ nodes.here.output.name }}"
  there: "{{ nodes.there.output.name }}"
  later: "{{ nodes.later.output }}"
  apart: "{{ nodes.here.output.pid != nodes.there.output.pid }}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workflow's folder."""
    home = tmp_path / "my.project"
    home.mkdir()
    (home / "steps.py").write_text(STEPS)
    (home / "common.py").write_text("def shout(text):\n    return text.upper()\n")
    return home


def test_objects_of_a_file_go_from_process_to_process(
    engine: Engine, database: Database, folder: Path
) -> None:
    definition = msgspec.structs.replace(defined(GRAPH), directory=str(folder))
    run = ran(engine, database, definition)

    assert Status.COMPLETED == run.finished.status, run.finished.error_message
    assert {"here": "KIM", "there": "KIM", "later": "KIM", "apart": True} == run.finished.output


def test_what_is_wrong_is_on_record(engine: Engine, database: Database, folder: Path) -> None:
    graph = """
        workflow: wrong
        nodes:
          name: {type: python, with: {function: "steps.py:mak", arguments: {name: kim}}}
          argument: {type: python, with: {function: "steps.py:make", arguments: {nam: kim}}}
          template: {type: set, with: {values: {a: "{{ inputs.a.b }}"}}}
        """
    definition = msgspec.structs.replace(defined(dedent(graph)), directory=str(folder))
    run = ran(engine, database, definition)

    assert Status.FAILED == run.finished.status
    assert {
        "name": "there is no mak in steps.py; there are: make, Row, read, later; "
        "did you mean make?",
        "argument": "parameter 'arguments': steps.py:make takes no 'nam'; there are: name; "
        "did you mean name?; parameter 'arguments': steps.py:make needs name",
        "template": "template, values.a: there is no inputs.a; there are none",
    } == {label: row.error_message for label, row in run.rows.items()}
