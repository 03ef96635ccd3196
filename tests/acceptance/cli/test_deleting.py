"""``everyrun delete``, as a user runs it."""

from pathlib import Path

import pytest

from tests.acceptance.cli.conftest import Cli, Told, tell
from tests.acceptance.cli.stories import completed_invoice, write
from tests.support.warm_processes import WarmProcesses

DAY = 86_400


@pytest.fixture
def mine(database_url: str, own_home: Path, warm: WarmProcesses) -> Told:
    """A ledger to change, on each database in turn."""
    return tell(Cli(database_url, own_home, warm))


def left(cli: Cli) -> set[str]:
    return {item["workflow"] for item in cli("list", "--json").json["items"]}


def test_executions_are_deleted_by_their_ids(mine: Told) -> None:
    answer = mine.cli("delete", mine.invoice.id[:13], "settle-2026-10", "--yes", "--json")

    assert (0, {"deleted": 2, "statuses": {"completed": 1, "failed": 1}}) == (
        answer.code,
        answer.json,
    )
    assert {"environment-audit", "nightly-import"} == left(mine.cli)


def test_the_sums_agree_afterwards(mine: Told) -> None:
    mine.cli("delete", mine.settlement.id, "--yes")

    assert 0 == mine.cli("db", "check").code


def test_old_executions_are_deleted_and_running_ones_stay(empty: Cli) -> None:
    assert empty.url is not None
    told = tell(empty)
    write(empty.url, completed_invoice(age=100 * DAY))

    answer = empty("delete", "--older-than", "90d", "--yes")
    everything = empty("delete", "--older-than", "0s", "--yes")

    assert "Deleted 1 execution.\n" == answer.out
    assert "Deleted 3 executions.\n" == everything.out
    assert [told.audit.id] == [item["id"] for item in empty("list", "--json").json["items"]]


@pytest.mark.parametrize(
    ("gone", "filters"),
    [
        ("월말 정산", ["--status", "failed"]),
        ("environment-audit", ["--status", "running"]),
        ("send_invoice", ["--workflow", "send_invoice"]),
    ],
)
def test_what_is_old_can_be_narrowed(empty: Cli, gone: str, filters: list[str]) -> None:
    tell(empty)
    before = left(empty)

    empty("delete", "--older-than", "1s", "--yes", *filters)

    assert {gone} == before - left(empty)


def test_the_count_and_the_effect_are_named_before_it_acts(empty: Cli) -> None:
    told = tell(empty)

    answer = empty.terminal("delete", told.invoice.id, told.settlement.id, keys="n\n", columns=120)

    assert 1 == answer.code
    assert "2 executions (" in answer.out
    assert "1 completed" in answer.out
    assert "with all nodes, attempts and log lines." in answer.out
    assert "Delete 2 executions for good? [y/N]" in answer.out
    assert 4 == len(left(empty))


def test_a_person_can_agree(empty: Cli) -> None:
    told = tell(empty)

    answer = empty.terminal("delete", told.invoice.id, keys="y\n")

    assert 0 == answer.code
    assert "send_invoice" not in left(empty)


def test_without_a_terminal_to_ask_on_yes_is_needed(told: Told) -> None:
    answer = told.cli("delete", told.invoice.id)

    assert 2 == answer.code
    assert "give --yes" in answer.err


@pytest.mark.parametrize("arguments", [[], ["settle-2026-10", "--older-than", "1d"]])
def test_either_ids_or_an_age_are_needed(told: Told, arguments: list[str]) -> None:
    assert 2 == told.cli("delete", "--yes", *arguments).code


def test_one_unknown_id_deletes_nothing(told: Told) -> None:
    answer = told.cli("delete", told.invoice.id, "ffffffff", "--yes")

    assert 3 == answer.code
    assert 0 == told.cli("show", told.invoice.id).code


def test_nothing_to_delete_says_so(empty: Cli) -> None:
    answer = empty("delete", "--older-than", "1d", "--yes")

    assert (0, "Nothing to delete.\n") == (answer.code, answer.out)
