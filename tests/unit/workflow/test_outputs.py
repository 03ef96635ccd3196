"""What a node gives back, as it flows on."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from everyrun.domain.payloads import Capturer, Secret
from everyrun.workflows.running.outputs import flowing, from_record, is_reusable, own_copy


@pytest.mark.parametrize(
    "value",
    [
        1,
        "말",
        [1, {"a": None}],
        {"rows": [(1, 2)], "sum": Decimal("1.10"), "at": datetime(2026, 1, 2, tzinfo=UTC)},
        {1: "a"},
        b"\xff",
        {},
        [],
    ],
)
def test_what_the_record_can_hold_flows_as_it_is_on_record(value: Any) -> None:
    plain, flows = flowing(Capturer(), value)

    assert value == flows
    assert type(value) is type(flows)
    assert (value, None) == from_record("node", plain)
    assert is_reusable(plain)


@pytest.mark.parametrize("value", [object(), Secret("hidden-value"), {"password": "hidden-value"}])
def test_what_it_cannot_hold_flows_alive_and_is_gone_afterwards(value: Any) -> None:
    plain, flows = flowing(Capturer(), value)
    found, gone = from_record("login", plain)

    assert value is flows
    assert found is None
    assert "rerun from login" in str(gone)


def test_what_is_too_large_flows_alive() -> None:
    value = ["x" * 100] * 100
    plain, flows = flowing(Capturer(1_000), value)

    assert value is flows
    assert not is_reusable(plain)


def test_a_copy_shares_no_container() -> None:
    value = {"a": [1, {2}, (3, [4])]}
    copy = own_copy(value)
    copy["a"][2][1].append(5)
    copy["a"][1].add(6)

    assert {"a": [1, {2}, (3, [4])]} == value
