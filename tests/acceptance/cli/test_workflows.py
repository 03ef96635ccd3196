"""``everyrun workflow``, as a user runs it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.cli.conftest import Cli

Write = Callable[..., str]

NIGHTLY = """
workflow: nightly
description: what happens at night
tags: [reports]
inputs:
  day: {type: string, default: today, description: which day, choices: [today, yesterday]}
policy: {timeout: 2h, overlap: skip}
nodes:
  fetch: {type: set, with: {values: {rows: [1, 2]}}}
  each:
    needs: fetch
    type: for_each
    with: {items: "{{ nodes.fetch.output.rows }}"}
    do:
      check: {type: set, with: {values: {n: "{{ item }}"}}}
  alert: {needs: {each: failure}, type: set, with: {values: {}}}
  tidy: {needs: [{each: always}, fetch], type: set, with: {values: {}}}
"""

BAD = """\
workflow: bad
inputs:
  day: {type: strin}
nodes:
  월말: {type: shel, with: {command: x}}
  b: {type: set, needs: c, with: {values: {x: "{{ inputs.dya }}"}}}
"""


@pytest.fixture
def saved(fresh: Cli, write: Write) -> Cli:
    """The command with one workflow saved."""
    assert 0 == fresh("workflow", "apply", write(NIGHTLY), "--by", "kim").code
    return fresh


def test_every_problem_is_told_with_its_place(fresh: Cli, write: Write) -> None:
    file = write(BAD)
    answer = fresh("workflow", "validate", file)
    places = [line.removeprefix(f"{file}:").split(": ")[:2] for line in answer.lines]

    assert 1 == answer.code
    assert [
        ["3:15", "WRONG_VALUE"],
        ["5:14", "UNKNOWN_NODE_TYPE"],
        ["6:25", "DANGLING_EDGE"],
        ["6:47", "UNKNOWN_INPUT"],
    ] == places
    assert "4 problems\n" == answer.err


def test_at_a_terminal_the_line_stands_below_with_a_caret(fresh: Cli, write: Write) -> None:
    answer = fresh.terminal("workflow", "validate", write(BAD), columns=140)
    place = next(number for number, line in enumerate(answer.lines) if "UNKNOWN_NODE_TYPE" in line)

    assert "     5 │   월말: {type: shel, with: {command: x}}" == answer.lines[place + 1]
    assert answer.lines[place + 1].index("shel") + 2 == answer.lines[place + 2].index("^")


def test_problems_are_a_document_for_programs(fresh: Cli, write: Write) -> None:
    good, bad = write(NIGHTLY, "good.yaml"), write(BAD, "bad.yaml")
    answer = fresh("workflow", "validate", good, bad, "missing.yaml", "--json")
    first, second, third = answer.json["files"]

    assert 1 == answer.code
    assert (True, "nightly", []) == (first["ok"], first["workflow"], first["problems"])
    assert (False, 4, 5, 14) == (
        second["ok"],
        len(second["problems"]),
        second["problems"][1]["line"],
        second["problems"][1]["column"],
    )
    assert ["UNREADABLE"] == [problem["code"] for problem in third["problems"]]


def test_a_good_file_is_said_to_be_good(fresh: Cli, write: Write) -> None:
    file = write(NIGHTLY)
    answer = fresh("workflow", "validate", file)

    assert (0, f"✔ {file}: nightly, 4 nodes: ok\n") == (answer.code, answer.out)


def test_saving_the_same_again_makes_no_version(saved: Cli, write: Write) -> None:
    again = saved("workflow", "apply", write(NIGHTLY), "--json").json["applied"]
    changed = saved("workflow", "apply", write(NIGHTLY.replace("2h", "3h")), "--json").json

    assert [(1, False)] == [(each["version"], each["created"]) for each in again]
    assert [(2, True)] == [(each["version"], each["created"]) for each in changed["applied"]]


def test_a_stale_save_is_refused_with_who_and_when(saved: Cli, write: Write) -> None:
    saved("workflow", "apply", write(NIGHTLY.replace("2h", "3h")), "--by", "lee")
    answer = saved("workflow", "apply", write(NIGHTLY.replace("2h", "4h")), "--expect", "1")

    assert 7 == answer.code
    assert "nightly is at version 2 by now, saved by lee at 20" in answer.err


def test_one_bad_file_keeps_all_from_being_saved(fresh: Cli, write: Write) -> None:
    answer = fresh("workflow", "apply", write(NIGHTLY, "good.yaml"), write(BAD, "bad.yaml"))

    assert 2 == answer.code
    assert "bad.yaml cannot be used: 4 problems" in answer.err
    assert [] == fresh("workflow", "list", "--json").json["workflows"]


def test_the_list_has_version_state_and_last_run(saved: Cli) -> None:
    saved("run", "nightly")
    headings, row = saved("workflow", "list").lines
    (item,) = saved("workflow", "list", "--json").json["workflows"]

    assert ["ORDER", "WORKFLOW", "SWITCHED", "VERSION", "CHANGED", "LAST RUN"] == (
        headings.split("\t")[:6]
    )
    assert ["1", "nightly", "on", "1"] == row.split("\t")[:4]
    assert "completed" == row.split("\t")[5]
    assert (True, "completed") == (item["active"], item["last_run"]["status"])


def test_where_nothing_is_saved_the_list_says_what_to_do(fresh: Cli) -> None:
    answer = fresh("workflow", "list")

    assert (0, "") == (answer.code, answer.out)
    assert "everyrun workflow apply FILE" in answer.err


@pytest.mark.parametrize("columns", [80, 140])
def test_show_draws_the_graph_as_a_tree(saved: Cli, columns: int) -> None:
    lines = saved.terminal("workflow", "show", "nightly", columns=columns).lines
    root = next(number for number, line in enumerate(lines) if line.startswith("└─ fetch"))

    assert "nightly  v1  on" == lines[0]
    assert any("day: string = today  (today | yesterday)  which day" in line for line in lines)
    assert any("at most 2 h 00 m, overlap: skip" in line for line in lines)
    assert any(line.endswith("by kim") for line in lines)
    assert ["└─ fetch", "   └─ each", "      ├─ ⟳ check", "      ├─ alert", "      └─ tidy"] == [
        line[: len(drawn)]
        for line, drawn in zip(
            lines[root : root + 5],
            ["└─ fetch", "   └─ each", "      ├─ ⟳ check", "      ├─ alert", "      └─ tidy"],
            strict=True,
        )
    ]
    assert lines[root + 3].endswith("on failure")
    assert lines[root + 4].endswith("always  also needs fetch")
    assert max(len(line) for line in lines) <= columns


def test_show_has_the_definition_for_programs(saved: Cli) -> None:
    saved("run", "nightly")
    document = saved("workflow", "show", "nightly", "--json").json

    assert ("nightly", 1, "kim", ["fetch", "each", "alert", "tidy"], 1) == (
        document["name"],
        document["version"],
        document["created_by"],
        list(document["definition"]["nodes"]),
        len(document["last_runs"]),
    )


def test_a_difference_is_told_field_by_field(saved: Cli, write: Write) -> None:
    changed = NIGHTLY.replace("2h", "3h").replace("{each: failure}", "{each: always}")
    file = write(changed.replace("  tidy:", "  clean:"))
    since = saved("workflow", "diff", file, "--exit-status")
    saved("workflow", "apply", file)
    between = saved("workflow", "diff", "nightly", "1", "2")
    document = saved("workflow", "diff", "nightly", "1", "--json").json

    assert (1, 0) == (since.code, between.code)
    assert f"nightly v1 → {file}" == since.lines[0]
    assert since.lines[1:] == between.lines[1:]
    assert {
        "~ policy.timeout: 7200.0 → 10800.0",
        "- node tidy",
        "+ node clean",
        "- alert needs each (failure)",
        "+ alert needs each (always)",
    } <= set(between.lines)
    assert ["clean"] == document["difference"]["nodes_added"]


def test_equal_versions_say_the_same(saved: Cli, write: Write) -> None:
    answer = saved("workflow", "diff", write(NIGHTLY), "--exit-status")

    assert 0 == answer.code
    assert answer.out.endswith("say the same.\n")


@pytest.mark.parametrize("name", ["out.yaml", "out.json"])
def test_what_is_exported_reads_back_to_the_same(saved: Cli, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    answer = saved("workflow", "export", "nightly", "-o", str(file))
    applied = saved("workflow", "apply", str(file), "--json").json["applied"]

    assert (0, "") == (answer.code, answer.out)
    assert [(1, False)] == [(each["version"], each["created"]) for each in applied]


def test_export_prints_yaml(saved: Cli) -> None:
    assert saved("workflow", "export", "nightly").out.startswith("workflow: nightly\n")


def test_switching_off_and_on(saved: Cli) -> None:
    off = saved("workflow", "disable", "nightly")
    listed = saved("workflow", "list", "--active", "--json").json["workflows"]
    on = saved("workflow", "enable", "nightly", "--json").json

    assert ("nightly is switched off.\n", []) == (off.out, listed)
    assert {"workflow": "nightly", "active": True} == on


def test_the_order_of_all(saved: Cli, write: Write) -> None:
    for name in ("second", "third"):
        saved("workflow", "apply", write(NIGHTLY.replace("nightly", name), f"{name}.yaml"))
    answer = saved("workflow", "order", "third", "nightly")
    unknown = saved("workflow", "order", "nowhere")

    assert "All are run in this order: third, nightly, second\n" == answer.out
    assert 3 == unknown.code


def test_a_deleted_workflow_comes_back_when_it_is_applied(saved: Cli, write: Write) -> None:
    silent = saved("workflow", "delete", "nightly")
    deleted = saved("workflow", "delete", "nightly", "--yes")
    gone = saved("workflow", "show", "nightly")
    back = saved("workflow", "apply", write(NIGHTLY), "--json").json["applied"]

    assert (2, 0, 3) == (silent.code, deleted.code, gone.code)
    assert [(1, False)] == [(each["version"], each["created"]) for each in back]


def test_versions_say_who_and_when(saved: Cli, write: Write) -> None:
    saved("workflow", "apply", write(NIGHTLY.replace("2h", "3h")), "--by", "lee")
    found = saved("workflow", "versions", "nightly", "--json").json["versions"]
    older = saved("workflow", "versions", "nightly", "--before", "2", "--json").json["versions"]

    assert [(2, "lee"), (1, "kim")] == [(each["version"], each["created_by"]) for each in found]
    assert [1] == [each["version"] for each in older]


def test_it_speaks_korean(saved: Cli) -> None:
    answer = saved("workflow", "list", EVERYRUN_LANG="ko")

    assert ["순서", "워크플로우", "상태", "버전"] == answer.lines[0].split("\t")[:4]
    assert "켜짐" == answer.lines[1].split("\t")[2]


def test_an_unknown_command_of_the_group_is_bad_input(fresh: Cli) -> None:
    answer = fresh("workflow", "aply")

    assert 2 == answer.code
    assert "Did you mean 'apply'" in answer.err
