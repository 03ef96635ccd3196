"""``everyrun stats``, as a user runs it."""

from tests.acceptance.cli.conftest import Cli, Told


def test_todays_values_and_every_workflows_figures(told_on_each: Told) -> None:
    figures = told_on_each.cli("stats", "--json", "--since", "1d").json

    assert 4 == figures["today"]["total_workflows"]
    assert "Etc/UTC" == figures["zone"] or "UTC" == figures["zone"]
    assert {
        "월말 정산": (1, 0, 1, 1.0),
        "send_invoice": (1, 1, 0, 0.0),
        "environment-audit": (1, 0, 0, None),
        "nightly-import": (1, 0, 0, None),
    } == {
        row["workflow"]: (row["executions"], row["completed"], row["failed"], row["failure_rate"])
        for row in figures["workflows"]
    }
    assert figures["nodes"] is None


def test_a_workflows_nodes_have_figures_of_their_own(told_on_each: Told) -> None:
    figures = told_on_each.cli("stats", "--json", "--workflow", "월말 정산", "--since", "1d").json

    assert ["월말 정산"] == [row["workflow"] for row in figures["workflows"]]
    assert {"load": 1, "check": 1, "row": 4, "report": 1} == {
        row["node"]: row["executions"] for row in figures["nodes"]
    }


def test_the_zone_of_today_is_named(told: Told) -> None:
    answer = told.cli.terminal("stats", "--zone", "Asia/Seoul")

    assert answer.lines[0].startswith("Today in Asia/Seoul (20")


def test_figures_stand_in_a_table(told: Told) -> None:
    answer = told.cli.terminal("stats", columns=80)
    row = next(line for line in answer.lines if line.startswith("월말 정산"))

    assert ["1", "1", "100.0%", "3", "m", "04", "s"] == row.split()[2:9]


def test_a_pipe_gets_plain_rows(told: Told) -> None:
    answer = told.cli("stats")
    row = next(line for line in answer.lines if line.startswith("send_invoice"))

    assert ["send_invoice", "function", "1", "1", "0"] == row.split("\t")[:5]


def test_a_zone_that_does_not_exist_is_bad_input(told: Told) -> None:
    answer = told.cli("stats", "--zone", "Mars/Olympus")

    assert (2, "") == (answer.code, answer.out)
    assert "Mars/Olympus is no time zone" in answer.err


def test_an_empty_ledger_has_no_figures(empty: Cli) -> None:
    answer = empty("stats")

    assert (0, "Nothing ran in this time.\n") == (answer.code, answer.err)
