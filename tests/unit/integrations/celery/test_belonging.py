"""The header that goes with every message."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.identifiers import new_id
from everyrun.integrations.celery.belonging import Belonging, node_id_of, read

IDS = st.builds(new_id)
NAMES = st.text(min_size=1, max_size=40)


@given(
    workflow=NAMES,
    told=st.booleans(),
    node=st.none() | IDS,
    replaced=st.lists(IDS, max_size=3).map(tuple),
    again=st.integers(0, 40_000),
)
def test_a_header_reads_as_it_was_written(
    workflow: str, told: bool, node: str | None, replaced: tuple[str, ...], again: int
) -> None:
    belonging = Belonging(new_id(), workflow, told, node, replaced, again)

    assert belonging == read(belonging.text)


@pytest.mark.parametrize("header", [None, 7, "", "a|b|c", "x" * 36 + "||||w", ["no"], b"bytes"])
def test_what_is_no_header_of_ours_is_none(header: object) -> None:
    assert read(header) is None


def test_what_is_sent_in_a_tasks_name_inherits_its_execution_alone() -> None:
    belonging = Belonging(new_id(), "w", told=True, node_id=new_id())

    assert Belonging(belonging.execution_id, "w") == belonging.inherited()


def test_a_uuid_is_its_own_node_execution_and_any_other_id_has_a_lasting_one() -> None:
    own = "CE9FE84B-7371-47CA-A508-2827AF1EE21B"

    assert own.lower() == node_id_of(own)
    assert node_id_of("invoice 7") == node_id_of("invoice 7")
    assert node_id_of("invoice 7") != node_id_of("invoice 8")
    assert UUID(node_id_of("invoice 7"))


def test_who_stands_in_for_a_task_is_told_apart_by_its_name() -> None:
    belonging = Belonging(new_id(), "w", replaced=("1",))

    assert belonging.node_of("2", "add") is None
    assert belonging.node_of("1", "add") not in {None, belonging.node_of("1", "other")}
