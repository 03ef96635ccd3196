"""``everyrun.bind``: into threads, and through pickling."""

import asyncio
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import everyrun
from everyrun.domain.status import Status
from everyrun.testing import Runs


@everyrun.node
def work(number: int) -> int:
    everyrun.log.info(f"working on {number}")
    return number * 2


@everyrun.node
async def work_async(number: int) -> int:
    await asyncio.sleep(0)
    return number * 2


def test_a_thread_begins_outside_of_everything(runs: Runs) -> None:
    with everyrun.execution("import"):
        thread = threading.Thread(target=work, args=(1,))
        thread.start()
        thread.join()

    assert [] == runs.one("import").nodes
    assert runs.one("work").parent_execution_id is None


def test_a_bound_function_runs_where_it_was_bound(runs: Runs) -> None:
    with everyrun.execution("import") as run, run.node("load"), ThreadPoolExecutor(3) as pool:
        results = list(pool.map(everyrun.bind(work), range(6)))

    assert [0, 2, 4, 6, 8, 10] == results
    recorded = runs.one()
    nodes = [node for node in recorded.nodes if node.name == "work"]
    assert {recorded.node("load").id} == {node.parent_id for node in nodes}
    assert [2, 3, 4, 5, 6, 7] == sorted(node.order or 0 for node in nodes)
    assert {node.id for node in nodes} == {line.node_execution_id for line in recorded.lines}


def test_after_a_bound_call_the_thread_is_where_it_was(runs: Runs) -> None:
    def look() -> object:
        return everyrun.current_execution()

    with everyrun.execution("one") as one:
        bound = everyrun.bind(look)
    with everyrun.execution("two") as two:
        assert one == bound()
        assert two == everyrun.current_execution()


def test_outside_of_everything_binding_changes_nothing() -> None:
    assert work is everyrun.bind(work)


def test_a_bound_function_keeps_its_name() -> None:
    with everyrun.testing.recorded(), everyrun.execution("import"):
        assert "work" == everyrun.bind(work).__name__


def test_a_bound_coroutine_function_runs_where_it_was_bound(runs: Runs) -> None:
    with everyrun.execution("import"):
        bound = everyrun.bind(work_async)

    assert 14 == asyncio.run(bound(7))
    assert Status.COMPLETED == runs.one().node("work_async").status


def test_a_bound_function_can_be_pickled(runs: Runs) -> None:
    with everyrun.execution("import") as run, run.node("load"):
        work(1)
        sent = pickle.dumps(everyrun.bind(work))

    arrived = pickle.loads(sent)
    assert 4 == arrived(2)
    assert 6 == arrived(3)

    recorded = runs.one()
    assert Status.COMPLETED == recorded.status
    nodes = [node for node in recorded.nodes if node.name == "work"]
    assert [1, 2, 3] == [node.input["number"] for node in nodes]
    assert {recorded.node("load").id} == {node.parent_id for node in nodes}
    assert [2, 3, 3] == [node.order for node in nodes]


def test_a_bound_function_captures_output_where_it_was_captured(runs: Runs) -> None:
    def speak() -> None:
        print("hello")

    with everyrun.execution("import") as run:
        silent = everyrun.bind(speak)
        with everyrun.capture_output():
            loud = everyrun.bind(speak)
        for bound in (silent, loud):
            thread = threading.Thread(target=bound)
            thread.start()
            thread.join()
        assert run == everyrun.current_execution()

    assert ["hello"] == runs.one().messages
