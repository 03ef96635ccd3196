"""What a ledger could not give back is refused before anything is done."""

from typing import Any

import msgspec
import pytest

from everyrun.domain.views.batches import RunOverInputsRequest
from everyrun.server.reading_bodies import InvalidBody
from everyrun.server.storable import storable
from everyrun.workflows.naming import LONGEST_NAME, InvalidName, checked_name


@pytest.mark.parametrize("value", ["a\0b", {"a": ["\0"]}, {"\0": 1}, "\udc80", 1 << 63, 1e309])
def test_what_is_not_storable_is_refused_with_its_place(value: Any) -> None:
    with pytest.raises(InvalidBody, match="at `/inputs/0"):
        storable(RunOverInputsRequest(workflow="w", inputs=[{"day": value}]))


def test_what_is_storable_passes_as_it_is() -> None:
    body = RunOverInputsRequest(workflow="매일", inputs=[{"day": "é", "n": -(1 << 63)}])

    assert body is storable(body)
    assert msgspec.json.encode(body) == msgspec.json.encode(storable(body))


@pytest.mark.parametrize("name", ["", " \n", "a\0b", "\udc80", "x" * (LONGEST_NAME + 1)])
def test_nothing_is_called_so(name: str) -> None:
    with pytest.raises(InvalidName):
        checked_name(name)


@pytest.mark.parametrize("name", ["매일 아침", "it's a/b", "x" * LONGEST_NAME, " padded "])
def test_names_may_have_any_signs(name: str) -> None:
    assert name == checked_name(name)
