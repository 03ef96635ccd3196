"""Claims on nodes: made once, taken once, sent again when lost, taken back from the dead."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Barrier, Thread

import pytest

import everyrun
from everyrun.domain.status import Status
from everyrun.store.claims import Claim, claims_of
from everyrun.store.database import Database
from everyrun.workflows import controlling
from everyrun.workflows.celery.engine import CeleryEngine
from everyrun.workflows.celery.equipment import WORKERS
from everyrun.workflows.celery.hosting import Host
from everyrun.workflows.celery.passes import Passes
from everyrun.workflows.celery.settings import CelerySettings
from everyrun.workflows.celery.taking import Taker
from everyrun.workflows.celery.tending import Tender
from everyrun.workflows.launching import LaunchRequest, launch
from everyrun.workflows.settings import EngineSettings
from tests.support import graph_functions
from tests.support.graphs import defined, rows_of, saved, status_of
from tests.support.threaded_workers import QueueSender
from tests.support.waiting import TIMEOUT, wait_until

FUNCTIONS = "tests.support.graph_functions"
SETTINGS = CelerySettings(resend_seconds=0.05, tend_seconds=0.05)
ENGINE = EngineSettings(poll_seconds=0.02, lease_seconds=5, cancel_grace=0.2)
DIAMOND = f"""
workflow: diamond
nodes:
  left: {{type: python, with: {{function: "{FUNCTIONS}:say", arguments: {{text: l}}}}}}
  right: {{type: python, with: {{function: "{FUNCTIONS}:say", arguments: {{text: r}}}}}}
  both: {{needs: [left, right], type: python, with: {{function: "{FUNCTIONS}:say"}}}}
"""


@dataclass
class Machine:
    """A worker machine: passes, what runs nodes, and who tends. ``dead`` are known to be gone."""

    passes: Passes
    host: Host
    sender: QueueSender
    dead: set[str] = field(default_factory=set)

    def tend(self) -> int:
        """Look once."""
        return Tender(self.passes, self.host, is_dead=lambda id_, _host: id_ in self.dead).look()

    def begin(self, text: str, **inputs: object) -> str:
        """Launch a graph and make its first pass."""
        saved(self.passes.database, text)
        request = LaunchRequest(workflow=defined(text).workflow, input=inputs)
        id_ = launch(self.passes.database, request, owner=WORKERS).execution_id
        self.passes.advance(id_)
        return id_

    def run(self, claim: Claim) -> bool:
        """Take what was sent and run it."""
        return self.host.run(claim.execution_id, claim.node_execution_id, claim.attempt)

    def run_all(self) -> None:
        """Take what was sent, and what is sent thereupon."""
        done = 0
        while done < len(self.sender.sent):
            self.run(self.sender.sent[done])
            done += 1


@pytest.fixture
def machines(database: Database) -> Iterator[list[Machine]]:
    """Two of them over one ledger."""
    graph_functions.reset()
    everyrun.configure(url=database.url.render_as_string(hide_password=False))
    made = []
    with ExitStack() as stack:
        for _ in range(2):
            sender = QueueSender()
            passes = Passes(database, sender, SETTINGS, ENGINE)
            host = Host(passes)
            stack.callback(passes.close)
            stack.callback(host.close)
            made.append(Machine(passes, host, sender))
        yield made
    everyrun.configure()


def _claims(machine: Machine, execution_id: str) -> dict[str, Claim]:
    with machine.passes.database.reading() as connection:
        return claims_of(connection, execution_id)


def test_who_settles_two_parents_at_once_sends_their_child_once(machines: list[Machine]) -> None:
    one, other = machines
    execution = one.begin(DIAMOND)
    barrier = Barrier(2)

    def run(machine: Machine, claim: Claim) -> None:
        barrier.wait()
        machine.run(claim)

    parents = list(one.sender.sent)
    threads = [
        Thread(target=run, args=(machine, claim))
        for machine, claim in zip(machines, parents, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = one.sender.sent[2:] + other.sender.sent

    assert 1 == len(sent)
    assert "both" == rows_of(one.passes.database, execution)["both"].key
    assert one.run(sent[0])
    assert "completed" == status_of(one.passes.database, execution)
    assert {} == _claims(one, execution)


def test_who_asks_for_an_execution_begins_it_and_others_do_when_that_does_not_come(
    machines: list[Machine],
) -> None:
    one, other = machines
    database = one.passes.database
    saved(database, DIAMOND)
    asked = launch(database, LaunchRequest(workflow="diamond"), owner=WORKERS).execution_id
    other.tend()
    soon = status_of(database, asked)
    long_ago = LaunchRequest(workflow="diamond", available_at=1)
    left = launch(database, long_ago, owner=WORKERS).execution_id
    other.tend()

    assert "pending" == soon
    assert {left} == {claim.execution_id for claim in other.sender.sent}


def test_who_follows_an_execution_that_others_have_run_hears_how_it_ended(
    machines: list[Machine],
) -> None:
    one = machines[0]
    execution = one.begin(DIAMOND)
    one.run_all()
    engine = CeleryEngine(one.passes.database, SETTINGS, ENGINE, sender=QueueSender())
    finished = engine.run(execution)
    engine.stop(execution, "too late")
    engine.close()

    assert (execution, Status.COMPLETED) == (finished.execution_id, finished.status)


def test_a_message_that_comes_twice_runs_once(machines: list[Machine]) -> None:
    one, other = machines
    one.begin(DIAMOND)
    claim = one.sender.sent[0]

    assert one.run(claim)
    assert not one.run(claim)
    assert not other.run(claim)
    assert 1 == graph_functions.CALLS.count("l")


def test_what_was_claimed_and_never_begun_is_sent_again(machines: list[Machine]) -> None:
    one, other = machines
    execution = one.begin(DIAMOND)
    one.sender.sent.clear()  # nobody will ever get these
    wait_until(lambda: other.tend() and len(other.sender.sent) >= 2, "what was lost is sent again")
    other.run_all()

    assert "completed" == status_of(one.passes.database, execution)
    assert ["l", "r", "said"] == sorted(graph_functions.CALLS)


def test_what_a_dead_worker_ran_is_told_as_lost_and_runs_again(machines: list[Machine]) -> None:
    one, other = machines
    execution = one.begin(DIAMOND)
    claim = one.sender.sent[0]
    gone = Taker("01a220c9-a31e-7293-a26a-b64f0639ee82", one.passes.host, 30, lambda *_: None)
    taken = one.passes.take(claim.execution_id, claim.node_execution_id, claim.attempt, gone)
    assert taken is not None
    other.dead.add(gone.id)
    other.tend()
    lost = rows_of(one.passes.database, execution)[taken.activity.label]
    one.run_all()
    other.run_all()
    rows = rows_of(one.passes.database, execution)

    assert Status.LOST == lost.status
    assert "completed" == status_of(one.passes.database, execution)
    assert {"left": 2, "right": 1, "both": 1} == {key: row.attempt for key, row in rows.items()}


def test_who_was_given_up_is_heard_no_more(machines: list[Machine]) -> None:
    one, other = machines
    holds = f"""
    workflow: holds
    nodes: {{hold: {{type: python, with: {{function: "{FUNCTIONS}:hold"}}}}}}
    """
    execution = one.begin(holds)
    running = Thread(target=one.run, args=(one.sender.sent[0],))
    running.start()
    entered, released = graph_functions.gate("gate")
    assert entered.wait(TIMEOUT)
    other.dead.add(one.passes.id)
    other.tend()
    running.join(TIMEOUT)
    released.set()
    other.run_all()
    row = rows_of(one.passes.database, execution)["hold"]

    assert not running.is_alive()
    assert ("completed", 2, "released") == (row.status, row.attempt, row.output)


def test_a_paused_execution_runs_nothing_and_then_what_waited(machines: list[Machine]) -> None:
    one = machines[0]
    database = one.passes.database
    execution = one.begin(DIAMOND)
    controlling.pause(database, execution)
    ran = [one.run(claim) for claim in list(one.sender.sent)]
    one.sender.sent.clear()
    one.tend()
    while_paused = list(one.sender.sent)
    controlling.unpause(database, execution)
    wait_until(lambda: one.tend() and len(one.sender.sent) >= 2, "both are sent again")
    one.run_all()

    assert [False, False] == ran
    assert [] == while_paused
    assert "completed" == status_of(database, execution)


def test_who_waits_for_a_person_takes_no_place_and_no_message(machines: list[Machine]) -> None:
    one = machines[0]
    database = one.passes.database
    execution = one.begin(
        f"""
        workflow: asks
        nodes:
          ask: {{type: approval, with: {{message: "Go on?"}}}}
          then: {{needs: ask, type: python, with: {{function: "{FUNCTIONS}:nothing"}}}}
        """
    )
    one.tend()
    asked = rows_of(database, execution)["ask"].status
    before = list(one.sender.sent)
    controlling.answer(database, execution, "ask", approved=True, by="kim")
    wait_until(lambda: len(one.sender.sent) == 1, "what needs the answer is sent")
    one.run_all()
    answered = rows_of(database, execution)["ask"]

    assert (Status.RUNNING, []) == (asked, before)
    assert "kim" == answered.output["by"]
    assert "completed" == status_of(database, execution)


def test_a_repeated_loop_keeps_its_pauses(machines: list[Machine]) -> None:
    one = machines[0]
    execution = one.begin(
        f"""
        workflow: polls
        nodes:
          poll:
            type: repeat
            with: {{until: "{{{{ index == 1 }}}}", delay: 0.3}}
            do: {{look: {{type: python, with: {{function: "{FUNCTIONS}:say"}}}}}}
        """
    )
    one.run_all()
    first = len(one.sender.sent)
    one.passes.advance(execution)  # somebody looks early
    early = len(one.sender.sent)
    wait_until(lambda: one.tend() and len(one.sender.sent) >= 2, "the second turn")
    one.run(one.sender.sent[1])
    rows = rows_of(one.passes.database, execution)
    first_ended, second_began = rows["poll.look[0]"].ended_at, rows["poll.look[1]"].started_at

    assert (1, 1) == (first, early)
    assert "completed" == status_of(one.passes.database, execution)
    assert first_ended is not None and second_began is not None
    assert second_began - first_ended >= 290_000


def test_so_many_nodes_of_an_execution_are_sent_at_once(machines: list[Machine]) -> None:
    one = machines[0]
    node = f'{{type: python, with: {{function: "{FUNCTIONS}:nothing"}}}}'
    nodes = "\n".join(f"  n{number}: {node}" for number in range(5))
    execution = one.begin(f"workflow: wide\npolicy: {{concurrency: 2}}\nnodes:\n{nodes}\n")
    at_first = len(one.sender.sent)
    one.run(one.sender.sent[0])
    then = len(one.sender.sent)
    one.run_all()

    assert (2, 3) == (at_first, then)
    assert "completed" == status_of(one.passes.database, execution)


def test_nodes_go_to_their_queues_with_their_workflows_priority(
    machines: list[Machine], database: Database
) -> None:
    settings = CelerySettings(queue="usual", queues="shell=heavy")
    sender = QueueSender()
    passes = Passes(database, sender, settings, ENGINE)
    one = Machine(passes, machines[0].host, sender)
    one.begin(
        """
        workflow: queues
        policy: {priority: 7}
        nodes:
          own: {type: shell, queue: gpu, with: {command: "true"}}
          by_type: {type: shell, with: {command: "true"}}
          other: {type: python, with: {function: "os:getpid"}}
        """
    )
    passes.close()

    assert [("gpu", 7), ("heavy", 7), ("usual", 7)] == [
        (claim.queue, claim.priority) for claim in sender.sent
    ]


def test_hidden_inputs_are_refused_at_the_start(machines: list[Machine]) -> None:
    one = machines[0]
    execution = one.begin(
        "workflow: secret\ninputs: {password: string}\n"
        'nodes: {a: {type: set, with: {values: {p: "{{ inputs.password }}"}}}}',
        password="hunter2",
    )

    assert "failed" == status_of(one.passes.database, execution)
    assert {} == rows_of(one.passes.database, execution)
