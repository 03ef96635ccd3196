"""``everyrun.submit``: background jobs in threads."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future

import pytest

import everyrun
from everyrun.domain.events import ExecutionCreated, ExecutionStarted
from everyrun.domain.status import Status
from everyrun.testing import HandClock, Runs
from everyrun.tracking import submitting
from everyrun.tracking.jobs import ProcessJob
from everyrun.tracking.running_executions import RunningExecution


@pytest.fixture(autouse=True)
def own_pools(monkeypatch: pytest.MonkeyPatch) -> Iterator[submitting.Pools]:
    """Workers of the test's own, with two threads, that have ended when it ends."""
    monkeypatch.setattr(submitting, "MOST_THREADS", 2)
    pools = submitting.Pools()
    monkeypatch.setattr(submitting, "_pools", pools)
    yield pools
    pools.threads().shutdown()


def send(number: int, *, copy: bool = False) -> str:
    everyrun.log.info(f"sending {number}")
    return f"sent {number}"


@everyrun.workflow(tags="billing")
def send_invoice(number: int) -> str:
    return f"invoice {number}"


class Shop:
    @everyrun.workflow
    def sell(self, number: int) -> int:
        return number


def test_a_job_is_an_execution_with_an_id_at_once(runs: Runs) -> None:
    job = everyrun.submit(send, 7, copy=True)

    assert "sent 7" == job.result(60)
    run = runs.one("send")
    assert job.id == run.id
    assert "job" == run.kind
    assert job.external_id == run.external_id
    assert {"number": 7, "copy": True} == run.input
    assert "sent 7" == run.output
    assert ["sending 7"] == run.messages
    assert Status.COMPLETED == run.status == job.status
    assert job.done


def test_ids_that_are_not_given_do_not_collide(runs: Runs) -> None:
    jobs = [everyrun.submit(send, number) for number in range(20)]
    for job in jobs:
        job.result(60)

    assert 20 == len({job.external_id for job in jobs})
    assert all(job.external_id.startswith("job_") for job in jobs)


def test_a_job_is_pending_until_a_thread_takes_it_up(runs: Runs, clock: HandClock) -> None:
    release, started = threading.Event(), threading.Barrier(3)

    def hold() -> None:
        started.wait(60)
        release.wait(60)

    holding = [everyrun.submit(hold) for _ in range(2)]
    started.wait(60)
    waiting = everyrun.submit(send, 1)

    assert [Status.RUNNING, Status.RUNNING] == [job.status for job in holding]
    assert Status.PENDING == waiting.status
    assert Status.PENDING == runs.one("send").status
    assert not waiting.done
    clock.forward(seconds=5)
    release.set()
    waiting.result(60)
    created, began = (
        event
        for event in runs.events
        if isinstance(event, ExecutionCreated | ExecutionStarted) and event.workflow == "send"
    )
    assert began.at == created.at + 5_000_000
    assert created.external_id == began.external_id


def test_an_external_id_can_be_given(runs: Runs) -> None:
    job = everyrun.submit.options(external_id="job-7")(send, 1)
    job.result(60)

    assert "job-7" == job.external_id == runs.one().external_id


def test_options_describe_the_job(runs: Runs) -> None:
    submit = everyrun.submit.options(
        name="sending",
        tags=["a", "b"],
        trigger="api",
        context={"branch": "main"},
        metadata={"priority": 3},
    )
    submit(send, 1).result(60)

    run = runs.one("sending")
    assert ["a", "b"] == run.tags
    assert "api" == run.trigger
    assert {"branch": "main"} == run.context
    assert run.metadata is not None
    assert 3 == run.metadata["priority"]


def test_a_job_of_a_workflow_is_an_execution_of_it(runs: Runs) -> None:
    everyrun.submit(send_invoice, 7).result(60)
    everyrun.submit(Shop().sell, 8).result(60)

    invoice = runs.one("send_invoice")
    assert "function" == invoice.kind
    assert {"number": 7} == invoice.input
    assert ["billing"] == invoice.tags
    sale = runs.one("Shop.sell")
    assert {"number": 8} == sale.input
    assert 8 == sale.output


def test_a_job_of_a_node_is_an_execution_with_that_node(runs: Runs) -> None:
    job = everyrun.submit(everyrun.node(send), 7)
    job.result(60)

    run = runs.one("send")
    assert job.id == run.id
    assert Status.COMPLETED == run.node("send").status


def test_a_job_submitted_inside_an_execution_is_linked_to_it(runs: Runs) -> None:
    with everyrun.execution("outer") as outer, outer.node("step"):
        job = everyrun.submit(send, 1)
    job.result(60)

    run = runs.one("send")
    assert outer.id == run.parent_execution_id
    assert runs.one("outer").node("step").id == run.parent_node_execution_id
    assert "parent" == run.trigger


def test_a_failure_is_recorded_and_raised_where_the_result_is_asked_for(runs: Runs) -> None:
    error = ValueError("no")

    def fail() -> None:
        raise error

    job = everyrun.submit(fail)

    with pytest.raises(ValueError, match="no") as caught:
        job.result(60)
    assert error is caught.value
    assert Status.FAILED == runs.one().status == job.status


def test_a_coroutine_function_runs_in_a_loop_of_its_own(runs: Runs) -> None:
    async def fetch(page: int) -> int:
        await asyncio.sleep(0)
        everyrun.log.info("fetching")
        return page

    assert 7 == everyrun.submit(fetch, 7).result(60)
    assert ["fetching"] == runs.one().messages


def test_a_job_that_has_not_begun_can_be_cancelled(runs: Runs) -> None:
    release, started = threading.Event(), threading.Barrier(3)

    def hold() -> None:
        started.wait(60)
        release.wait(60)

    for _ in range(2):
        everyrun.submit(hold)
    started.wait(60)
    job = everyrun.submit(send, 1)

    assert job.cancel()
    release.set()
    with pytest.raises(CancelledError):
        job.result(60)
    run = runs.one("send")
    assert Status.CANCELLED == run.status == job.status
    assert run.started_at is None


def test_a_function_that_runs_is_told_to_stop(runs: Runs) -> None:
    started = threading.Event()

    @everyrun.node
    def until_told() -> None:
        node = everyrun.current_node()
        run = everyrun.current_execution()
        assert node is not None
        assert run is not None
        started.set()
        while not node.stopping:
            threading.Event().wait(0.001)
        run.cancel("told to")

    job = everyrun.submit(until_told)
    started.wait(60)

    assert not job.cancel()
    job.result(60)
    assert Status.CANCELLED == runs.one().status


def test_a_coroutine_that_runs_is_cancelled(runs: Runs) -> None:
    started = threading.Event()

    async def wait() -> None:
        started.set()
        await asyncio.Event().wait()

    job = everyrun.submit(wait)
    started.wait(60)

    assert job.cancel()
    with pytest.raises(asyncio.CancelledError):
        job.result(60)
    assert Status.CANCELLED == runs.one().status == job.status


def test_a_job_that_is_done_cannot_be_cancelled(runs: Runs) -> None:
    job = everyrun.submit(send, 1)
    job.result(60)

    assert not job.cancel()
    assert Status.COMPLETED == job.status


def test_jobs_that_wait_for_jobs_do_not_use_up_the_threads(runs: Runs) -> None:
    def count_down(number: int) -> int:
        if number == 0:
            return 0
        return 1 + everyrun.submit(count_down, number - 1).result()

    assert 10 == everyrun.submit(count_down, 10).result(60)
    assert [Status.COMPLETED] * 11 == [run.status for run in runs]


def test_waiting_for_a_result_ends_with_its_time(runs: Runs) -> None:
    release = threading.Event()
    job = everyrun.submit(release.wait)

    with pytest.raises(TimeoutError):
        job.result(0.001)
    release.set()
    assert job.result(60)


def test_context_variables_reach_the_job(runs: Runs) -> None:
    from contextvars import ContextVar

    language = ContextVar("language", default="en")
    language.set("ko")

    assert "ko" == everyrun.submit(language.get).result(60)


def test_what_gives_no_result_is_refused(runs: Runs) -> None:
    def items() -> Iterator[int]:
        yield 1

    with pytest.raises(TypeError, match="items is a generator"):
        everyrun.submit(items)
    with pytest.raises(TypeError, match="cannot be called"):
        everyrun.submit(7)  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="thread or process"):
        everyrun.submit.options(executor="rocket")  # type: ignore[arg-type]

    assert [] == runs.events


def test_a_job_that_no_worker_takes_any_more_is_cancelled(
    runs: Runs, own_pools: submitting.Pools
) -> None:
    own_pools.threads().shutdown()

    with pytest.raises(RuntimeError):
        everyrun.submit(send, 1)

    assert Status.CANCELLED == runs.one().status


def test_a_job_that_runs_out_of_stack_is_settled(runs: Runs) -> None:
    def endless() -> None:
        endless()

    with everyrun.execution("outer"):
        job = everyrun.submit(endless)
        with pytest.raises(RecursionError):
            job.result(60)

        assert Status.FAILED == runs.one("endless").status


def make_process_job() -> tuple[ProcessJob[int], Future[int]]:
    """A job that another process is to run, and what this process hears of it."""
    run = RunningExecution("far", "job")
    run.ask_for({"input": None})
    job, future = ProcessJob[int](run, "job_1"), Future[int]()
    job.follow(future)
    return job, future


def test_a_job_in_a_process_is_known_as_far_as_is_heard_of_it(runs: Runs) -> None:
    job, future = make_process_job()

    statuses = [job.status]
    future.set_running_or_notify_cancel()
    statuses.append(job.status)
    assert not job.cancel()
    future.set_result(7)
    statuses.append(job.status)

    assert [Status.PENDING, Status.RUNNING, Status.COMPLETED] == statuses
    assert 7 == job.result()
    assert Status.PENDING == runs.one().status  # what became of it is recorded where it ran


def test_a_job_that_never_reached_its_process_is_cancelled(runs: Runs) -> None:
    job, _ = make_process_job()

    assert job.cancel()
    assert Status.CANCELLED == job.status == runs.one().status


def test_a_job_whose_process_died_has_failed(runs: Runs) -> None:
    job, future = make_process_job()
    future.set_running_or_notify_cancel()
    future.set_exception(BrokenExecutor("it died"))

    assert Status.FAILED == job.status == runs.one().status
    error = runs.one().error
    assert error is not None
    assert "it died" == error.message


def test_a_handle_says_what_it_is(runs: Runs) -> None:
    job = everyrun.submit(send, 1)
    job.result(60)

    assert f"<Job send {job.id}: completed>" == repr(job)
