"""What is on record once a canvas is sent, before anything of it has run."""

from types import SimpleNamespace

import pytest
from celery import chain, chord, group

import everyrun
from everyrun.domain.events import (
    AnyEvent,
    ExecutionCreated,
    ExecutionFinished,
    NodeCreated,
    NodeFinished,
)
from everyrun.integrations.celery import start
from everyrun.integrations.celery.bodies import chord_that_ended
from everyrun.integrations.celery.shapes import Follow
from everyrun.testing import recorded
from tests.support.celery_application import add, nothing, total, untracked

pytestmark = pytest.mark.usefixtures("memory_broker")


def _created(events: list[AnyEvent]) -> list[NodeCreated]:
    return [event for event in events if isinstance(event, NodeCreated)]


def _begun(events: list[AnyEvent]) -> list[ExecutionCreated]:
    return [event for event in events if isinstance(event, ExecutionCreated)]


def test_a_whole_chain_waits_on_record_once_its_first_task_is_sent() -> None:
    with recorded() as runs:
        result = chain(add.s(1), add.s(2), nothing.si()).apply_async()

    [begun] = _begun(runs.events)
    created = _created(runs.events)
    assert ("celery", "chain: shop.add → shop.nothing", result.id) == (
        begun.kind,
        begun.workflow,
        begun.external_id,
    )
    assert begun.detached
    assert ["shop.add", "shop.add", "shop.nothing"] == [event.node for event in created]
    assert {begun.execution_id} == {event.execution_id for event in created}
    assert {"args": [1, 1]} != created[0].input
    assert {"args": [1]} == created[0].input
    metadata = created[2].metadata
    assert metadata is not None
    assert created[1].node_execution_id == metadata["parent_id"]


def test_stages_are_numbered_as_they_are_planned() -> None:
    with recorded() as runs:
        chain(add.s(1), add.s(2), nothing.si()).apply_async()

    assert [1, 2, 3] == [event.order for event in _created(runs.events)]


def test_an_id_that_is_no_uuid_is_kept_beside_the_node_executions_own() -> None:
    with recorded() as runs:
        chain(add.s(1).set(task_id="order-17"), add.s(2), nothing.si().set(task_id="n")).delay()

    ids = [(event.metadata or {}).get("task_id") for event in _created(runs.events)]
    assert ["order-17", None, "n"] == ids


def test_what_has_expired_when_it_is_sent_is_called_off_with_what_follows() -> None:
    with recorded() as runs:
        chain(add.si(1).set(expires=-5), nothing.si()).delay()
        add.si(1).apply_async(expires=5)
    ends = [event for event in runs.events if isinstance(event, NodeFinished)]

    assert [
        ("shop.add", "cancelled", "expired before it ran"),
        ("shop.nothing", "skipped", "Task shop.add was expired before it ran"),
    ] == [(event.node, event.status, event.error_message) for event in ends]


def test_members_of_a_group_are_one_execution_though_each_has_its_root() -> None:
    with recorded() as runs:
        result = group(add.s(number) for number in range(5)).apply_async()

    [begun] = _begun(runs.events)
    assert result.id == begun.external_id
    assert 5 == len(_created(runs.events))
    assert 5 == len({(event.metadata or {})["root_id"] for event in _created(runs.events)})


def test_two_canvases_are_two_executions() -> None:
    with recorded() as runs:
        group(add.s(1), add.s(2)).apply_async()
        group(add.s(1), add.s(2)).apply_async()

    assert 2 == len(_begun(runs.events))


def test_the_body_of_a_chord_is_told_once_however_many_members_carry_it() -> None:
    with recorded() as runs:
        chord([add.s(number) for number in range(7)], total.s()).apply_async()

    names = [event.node for event in _created(runs.events)]
    assert 7 == names.count("shop.add")
    assert 1 == names.count("shop.total")


def test_a_block_names_the_canvas_that_is_sent_in_it_and_does_not_settle_it() -> None:
    with (
        recorded() as runs,
        everyrun.execution(
            "cr_extract_workflow", kind="celery", input={"file_path": "a.pdf"}, initiated_by="kim"
        ) as run,
    ):
        chain(add.s(1), add.s(2)).apply_async()

    [begun] = _begun(runs.events)
    assert (run.id, "cr_extract_workflow") == (begun.execution_id, begun.workflow)
    assert {"file_path": "a.pdf"} == begun.input
    assert "kim" == (begun.metadata or {})["triggered_by"]
    assert {run.id} == {event.execution_id for event in _created(runs.events)}
    assert not [event for event in runs.events if isinstance(event, ExecutionFinished)]


def test_a_block_that_sends_nothing_is_done_at_its_end() -> None:
    with recorded() as runs, everyrun.execution("nothing to do", kind="celery"):
        pass

    [finished] = [event for event in runs.events if isinstance(event, ExecutionFinished)]
    assert "completed" == finished.status


def test_a_canvas_sent_in_another_execution_is_a_child_of_it() -> None:
    with recorded() as runs, everyrun.execution("nightly import") as run:
        add.delay(1)

    [begun] = _begun(runs.events)
    assert (run.id, "parent") == (begun.parent_execution_id, begun.trigger)


def test_a_header_names_a_canvas() -> None:
    with recorded() as runs:
        add.apply_async((1,), headers={"everyrun_name": "by header"})

    assert ["by header"] == [begun.workflow for begun in _begun(runs.events)]


def test_a_stamp_names_a_canvas() -> None:
    signature = chain(add.s(1), add.s(2))
    signature.stamp(everyrun_name="by stamp")
    with recorded() as runs:
        signature.apply_async()

    assert ["by stamp"] == [begun.workflow for begun in _begun(runs.events)]


def test_starting_a_chain_answers_its_id() -> None:
    with recorded() as runs:
        own = start(chain(add.s(1), add.s(2)), "by id", chain_id="chain-7")
        made = start(chain(add.s(1), add.s(2)), "by id")

    first, second = _begun(runs.events)
    assert ("chain-7", "chain-7") == (own, first.external_id)
    assert (made, None) == (second.execution_id, second.external_id)


def test_a_task_that_is_left_out_is_not_on_record() -> None:
    with recorded() as runs:
        untracked.delay(1)

    assert [] == runs.events


def test_what_surrounds_a_task_that_is_left_out_is() -> None:
    with recorded() as runs:
        chain(untracked.s(1), add.s(2)).apply_async()

    assert ["shop.add"] == [event.node for event in _created(runs.events)]


def test_arguments_are_redacted_as_everywhere() -> None:
    with recorded() as runs:
        nothing.apply_async((), {"password": "hunter2"})

    assert "hunter2" not in repr(runs.events)


def test_a_body_knows_that_it_waits_for_what_is_left_out() -> None:
    with recorded() as runs:
        chord([untracked.s(1), add.s(1)], total.s()).apply_async()
        chord([add.s(1), add.s(1)], total.s()).apply_async()

    waiting: dict[str, set[str]] = {}
    for event in _created(runs.events):
        if event.node == "shop.total":
            waiting.setdefault(event.execution_id, set()).update(event.metadata or {})
    assert [True, False] == ["header_unseen" in said for said in waiting.values()]


def test_the_message_of_a_body_is_told_from_others_that_a_member_sends() -> None:
    body = chain(total.s(), add.s(1))
    body.freeze()
    first, last = (str(task.id) for task in body.tasks)
    member = SimpleNamespace(chord=body, chain=None, task="shop.add")
    unlocking = SimpleNamespace(chord=None, chain=None, task="celery.chord_unlock")

    assert last == chord_that_ended(member, Follow(first, chain=[body.tasks[1]]))
    assert last == chord_that_ended(unlocking, Follow(first, chain=[body.tasks[1]]))
    assert None is chord_that_ended(member, Follow("another"))
    assert None is chord_that_ended(None, Follow(first))
