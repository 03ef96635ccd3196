"""Nodes in processes of their own: they can be killed, and have the processor to themselves.

The child is started afresh, not forked: the engine has threads. It ends with the engine, also when
that is killed, for it watches its parent.
"""

import multiprocessing
import os
from multiprocessing.connection import Connection
from threading import Thread
from typing import TYPE_CHECKING, Any

from everyrun.domain.payloads import CapturedError
from everyrun.nodes.base import NodeType
from everyrun.tracking.context import CURRENT
from everyrun.workflows.running.activities import Activity, Returned
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.stand_in import Assignment, StandIn

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess


def work_in_process(activity: Activity) -> None:
    """Run an activity's node in a process, and send back how it ended."""
    place = activity.place
    try:
        end = _run(activity)
    except BaseException as error:  # noqa: BLE001 - whatever a node raises is its outcome
        end = activity.failure(error)
    activity.send_back(end, place)


def _run(activity: Activity) -> Returned | Failure:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_child, args=(theirs, activity.type, Assignment.of(activity)), daemon=False
    )
    process.start()
    theirs.close()
    activity.on_stop(lambda: _stop(process, activity.settings.cancel_grace))
    try:
        kind, value = ours.recv()
    except EOFError:
        process.join()
        return Failure(_ended(process), frozenset({"ProcessEnded"}))
    process.join()
    if kind == "returned":
        return activity.returned(value)
    return Failure(CapturedError(*value[0]), frozenset(value[1]), value[2])


def _stop(process: "BaseProcess", grace: float) -> None:
    process.terminate()
    process.join(grace)
    if process.is_alive():
        process.kill()


def _ended(process: "BaseProcess") -> CapturedError:
    code = process.exitcode or 0
    how = f"was ended by signal {-code}" if code < 0 else f"exited with code {code}"
    return CapturedError("ProcessEnded", f"the process of this node {how}", "")


def _child(pipe: Connection, node: NodeType, assignment: Assignment) -> None:
    """The life of the process."""
    Thread(target=_end_with_parent, daemon=True).start()
    stand_in = StandIn(assignment)
    CURRENT.set(stand_in.place)
    told: tuple[str, Any]
    try:
        told = ("returned", stand_in.value_of(node))
    except BaseException as error:  # noqa: BLE001 - whatever a node raises is its outcome
        failure = stand_in.failure(error)
        told = ("failed", (tuple(failure.error), failure.names, failure.plain))
    CURRENT.set(None)
    pipe.send(told)
    pipe.close()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
