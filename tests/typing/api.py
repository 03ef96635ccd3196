"""The public API's types, read by ``mypy --strict`` and never run.

Decorated functions keep their own types, whatever they are.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, assert_type, overload

import everyrun
from everyrun.client import Client
from everyrun.domain.status import Status
from everyrun.domain.views.controlling import Started
from everyrun.domain.views.executions import ExecutionFilters, ExecutionSummary
from everyrun.domain.views.logs import LogLine
from everyrun.domain.views.nodes import NodeSummary
from everyrun.domain.views.workflows import WorkflowSummary

T = TypeVar("T")


@everyrun.workflow
def bare(number: int, copy: bool = False) -> str:
    return f"{number}{copy}"


@everyrun.workflow(name="Invoice", tags=["a", "b"], kind="job")
def with_options(number: int) -> str:
    return str(number)


@everyrun.node(
    name="n",
    tags="one",
    retries=3,
    retry_delay=1.0,
    retry_backoff=2,
    retry_jitter=0.5,
    retry_delay_max=60,
    retry_on=(ValueError, OSError),
    timeout=5,
)
def with_all_options(*numbers: int, **names: str) -> list[int]:
    return [*numbers, *map(len, names)]


@everyrun.node(retry_on=lambda error: "busy" in str(error))
async def coroutine(page: int) -> bytes:
    return bytes(page)


@everyrun.node
def generator(count: int) -> Generator[int, str, bool]:
    yield count
    return True


@everyrun.node
async def async_generator(count: int) -> AsyncIterator[int]:
    yield count


@everyrun.node
def generic(value: T) -> T:
    return value


@overload
def overloaded(value: int) -> int: ...
@overload
def overloaded(value: str) -> str: ...
@everyrun.workflow
def overloaded(value: int | str) -> int | str:
    return value


class Shop:
    @everyrun.workflow
    def sell(self, number: int) -> "Shop":
        return self

    @classmethod
    @everyrun.node
    def open(cls, place: str) -> "Shop":
        return cls()

    @everyrun.node
    @classmethod
    def close(cls, place: str) -> "Shop":
        return cls()

    @staticmethod
    @everyrun.node(retries=1)
    def price(number: int) -> float:
        return number


def decorated_functions_keep_their_types() -> None:
    assert_type(bare(7, copy=True), str)
    assert_type(with_options(7), str)
    assert_type(with_all_options(1, 2, name="x"), list[int])
    assert_type(generator(3), Generator[int, str, bool])
    assert_type(async_generator(3), AsyncIterator[int])
    assert_type(generic(3), int)
    assert_type(generic("x"), str)
    assert_type(overloaded(3), int)
    assert_type(overloaded("x"), str)
    assert_type(Shop().sell(3), Shop)
    assert_type(Shop.open("here"), Shop)
    assert_type(Shop.close("here"), Shop)
    assert_type(Shop.price(3), float)
    assert_type(asyncio.run(coroutine(3)), bytes)


def wrong_calls_are_seen() -> None:
    bare("seven")  # type: ignore[arg-type]
    bare(7, copies=2)  # type: ignore[call-arg]
    Shop().sell()  # type: ignore[call-arg]
    everyrun.node(retries="three")  # type: ignore[call-overload]
    everyrun.submit(bare, "seven")  # type: ignore[call-overload]


def executions() -> None:
    with everyrun.execution(
        "nightly", input={"a": 1}, tags=("a",), external_id=7, trigger="schedule", priority=3
    ) as run:
        assert_type(run, everyrun.Execution)
        assert_type(run.id, str)
        assert_type(run.status, Status)
        assert_type(run.stopping, bool)
        run.output = [1]
        run.tag("a", "b")
        run.progress(3, total=10, message="x")
        run.log.info("x", rows=3)
        with run.node("step", input=[1], iteration=3) as step:
            assert_type(step, everyrun.NodeExecution)
            assert_type(step.key, str)
            assert_type(step.attempt, int)
            step.output = {"a": 1}
            step.fail("reason")
            step.cancel()
    assert_type(everyrun.current_execution(), everyrun.Execution | None)
    assert_type(everyrun.current_node(), everyrun.NodeExecution | None)


async def async_executions() -> None:
    async with everyrun.execution("nightly") as run, run.node("step") as step:
        assert_type(run, everyrun.Execution)
        assert_type(step, everyrun.NodeExecution)


def logs() -> None:
    everyrun.log.debug("x")
    everyrun.log.info("x", rows=3)
    everyrun.log.warning(ValueError("x"), data=[1])
    everyrun.log.error("x")
    everyrun.log.exception("x")
    logging.getLogger().addHandler(everyrun.Handler(level=logging.INFO))
    with everyrun.capture_output():
        pass


async def loops() -> None:
    assert_type(everyrun.progress([1, 2], total=2, description="x"), Iterator[int])
    assert_type(everyrun.progress(async_generator(2)), AsyncIterator[int])
    async for number in everyrun.progress(async_generator(2)):
        assert_type(number, int)


def jobs() -> None:
    job = everyrun.submit(bare, 7, copy=True)
    assert_type(job, everyrun.Job[str])
    assert_type(job.result(timeout=3), str)
    assert_type(job.id, str)
    assert_type(job.external_id, str)
    assert_type(job.status, Status)
    assert_type(job.done, bool)
    assert_type(job.cancel(), bool)
    assert_type(everyrun.submit(coroutine, 7), everyrun.Job[bytes])
    in_a_process = everyrun.submit.options(executor="process", external_id="job-7", tags="a")
    assert_type(in_a_process(bare, 7), everyrun.Job[str])


def threads() -> None:
    bound: Callable[[int, bool], str] = everyrun.bind(bare)
    with ThreadPoolExecutor() as pool:
        assert_type(pool.submit(everyrun.bind(bare), 7).result(), str)
        assert_type(list(pool.map(everyrun.bind(generic[int]), [1])), list[Any])  # type: ignore[index]
    bound(7, False)


graph = everyrun.Graph("invoices", inputs={"month": str}, policy={"timeout": "2h"}, tags="a")


@graph.node
def fetch(month: Any = "{{ inputs.month }}") -> list[int]:
    return [len(month)]


@graph.node(needs={fetch: ["success", "failure"]}, retry=2, timeout="30s", key="sum")
def total(rows: Any = fetch) -> int:
    return sum(rows)


def graphs() -> None:
    assert_type(fetch("may"), list[int])
    assert_type(total([1]), int)
    fetch(1, 2)  # type: ignore[call-arg]
    tidy = graph.add("tidy", "shell", needs=[total, "fetch"], command=f"echo {total['x'][0]}")
    each = graph.for_each("each", items=fetch, parallel=4)
    each.add("x", "set", values={"item": each.item, "n": each.index, "of": graph.input("month")})
    graph.repeat("again", until="index > 3", delay="5s").node(fetch.function)
    graph.output = {"all": each, "tidy": tidy.status}
    assert_type(tidy.key, str)
    assert_type([problem.message for problem in graph.validate()], list[str])
    assert_type(graph.definition.workflow, str)
    assert_type(graph.save(by="kim").version, int)
    assert_type(graph.run(month="may").status, Status)
    assert_type(graph.run({"month": "may"}).execution_id, str)


def settings() -> None:
    everyrun.configure(url="sqlite:///x.db")
    assert_type(everyrun.flush(timeout=3.0), bool)
    secret = everyrun.Secret("open sesame")
    everyrun.register_secret("open sesame")
    assert_type(secret.reveal(), str)
    everyrun.restore({"$type": "decimal", "value": "1.10"})


def tests() -> None:
    with everyrun.testing.recorded() as runs:
        bare(7)
    assert_type(runs.one("bare"), everyrun.testing.RecordedExecution)
    assert_type(runs.one().name, str)
    assert_type(runs.one().node("step").failures[0].message, str | None)


def asks_a_server(client: Client) -> None:
    started = client.executions.start("w", {"number": 7}, tags=["a"])
    assert_type(started, Started)
    assert_type(client.logs.follow(started.id), Iterator[LogLine])
    assert_type(client.executions.get(started.id).nodes, list[NodeSummary])
    assert_type(client.executions.all(ExecutionFilters(tag="a")), Iterator[ExecutionSummary])
    assert_type(client.workflows.all(active=True), Iterator[WorkflowSummary])
