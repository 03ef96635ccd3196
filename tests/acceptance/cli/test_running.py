"""``everyrun run``, as a user runs it."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.cli.conftest import Cli

Write = Callable[..., str]

SUMS = """
workflow: sums
tags: [maths]
inputs:
  one: {type: integer, default: 1}
  words: {type: list, default: []}
nodes:
  add: {type: set, with: {values: {sum: "{{ inputs.one + 2 }}"}}}
  twice: {needs: add, type: set, with: {values: {sum: "{{ nodes.add.output.sum * 2 }}"}}}
output: "{{ nodes.twice.output.sum }}"
"""

BREAKS = """
workflow: breaks
inputs: {code: {type: integer, default: 3}}
nodes:
  first: {type: set, with: {values: {a: 1}}}
  second:
    needs: first
    type: shell
    retry: {max_retries: 1, delay: 10ms}
    with: {command: "echo going wrong; exit {{ inputs.code }}"}
  third: {needs: second, type: set, with: {values: {}}}
  apart: {type: set, with: {values: {}}}
"""


def only(cli: Cli) -> Any:
    """The one execution on record."""
    (item,) = cli("list", "--json").json["items"]
    return item


def test_a_file_runs_and_is_on_record(fresh: Cli, write: Write) -> None:
    answer = fresh("run", write(SUMS), "-i", "one=5", "--tag", "tried", "--by", "kim")
    recorded = only(fresh)
    detail = fresh("show", recorded["id"], "--json").json

    assert 0 == answer.code
    assert answer.lines[0].startswith("✔ sums completed  ")
    assert answer.lines[0].endswith(f"  2 nodes (2 completed)  {recorded['id']}")
    assert "  output: 14" == answer.lines[1]
    assert ("sums", "graph", "completed", "manual", ["maths", "tried"]) == tuple(
        recorded[key] for key in ("workflow", "kind", "status", "trigger", "tags")
    )
    assert (14, {"one": 5, "words": []}) == (detail["output"], detail["input"])
    assert "kim" == detail["metadata"]["triggered_by"]


def test_without_a_terminal_each_change_is_a_line(fresh: Cli, write: Write) -> None:
    lines = fresh("run", write(SUMS)).err.splitlines()

    assert [
        ["▶", "running", "add"],
        ["✔", "completed", "add"],
        ["▶", "running", "twice"],
        ["✔", "completed", "twice"],
    ] == [line.split()[1:4] for line in lines]


def test_only_a_change_makes_a_new_version(fresh: Cli, write: Write) -> None:
    fresh("run", write(SUMS))
    fresh("run", write(f"# a remark\n{SUMS}"))
    once = fresh("workflow", "versions", "sums", "--json").json["versions"]
    fresh("run", write(SUMS.replace("* 2", "* 3")))
    twice = fresh("workflow", "versions", "sums", "--json").json["versions"]
    by_name = fresh("run", "sums", "--json").json
    first = fresh("run", "sums", "--version", "1", "--json").json

    assert ([1], [2, 1]) == (
        [each["version"] for each in once],
        [each["version"] for each in twice],
    )
    assert ((2, 9), (1, 6)) == (
        (by_name["version"], by_name["output"]),
        (first["version"], first["output"]),
    )


def test_a_failed_node_ends_it_with_1_and_says_why(fresh: Cli, write: Write) -> None:
    answer = fresh("run", write(BREAKS))
    retried = [line for line in answer.err.splitlines() if "retrying" in line]

    assert 1 == answer.code
    assert "  4 nodes (2 completed, 1 failed, 1 skipped)  " in answer.lines[0]
    assert "  ✘ second ×2  NodeFailed: exit code 3" == answer.lines[1]
    assert retried[0].endswith("second  attempt 1  NodeFailed: exit code 3")
    assert "failed" == only(fresh)["status"]


def test_programs_get_one_document_and_nothing_else(fresh: Cli, write: Write) -> None:
    answer = fresh("run", write(BREAKS), "--json")
    document = answer.json
    (failed,) = document["failed"]

    assert (1, "") == (answer.code, answer.err)
    assert (only(fresh)["id"], "breaks", 1, "failed") == tuple(
        document[key] for key in ("id", "workflow", "version", "status")
    )
    assert {"completed": 2, "failed": 1, "skipped": 1} == document["nodes"]
    assert ("second", 2, "NodeFailed: exit code 3") == tuple(
        failed[key] for key in ("node", "attempts", "error")
    )


def test_quiet_says_only_how_it_ended(fresh: Cli, write: Write) -> None:
    answer = fresh("run", write(SUMS), "--quiet")

    assert (2, "") == (len(answer.lines), answer.err)


@pytest.mark.parametrize("columns", [80, 140])
def test_at_a_terminal_the_tree_stands_there_in_the_end(
    fresh: Cli, write: Write, columns: int
) -> None:
    with fresh.at_terminal("run", write(BREAKS), columns=columns) as terminal:
        code = terminal.wait()
    tree = terminal.shown.splitlines()[-14:]
    place = next(number for number, line in enumerate(tree) if "✘ second ×2" in line)

    assert 1 == code
    assert "├─ ✔ first" in tree[place - 1]
    assert "✘ attempt 1" in tree[place + 1]
    assert "NodeFailed: exit code 3" in tree[place + 2]
    assert tree[place + 3].endswith("│ going wrong")
    assert any("✘ breaks failed" in line for line in tree)
    assert any(line.startswith("Again from there: everyrun rerun ") for line in tree)


def test_at_a_terminal_it_moves_while_it_runs(fresh: Cli, write: Write) -> None:
    slow = "workflow: slow\nnodes:\n  wait: {type: shell, with: {command: sleep 1}}\n"
    with fresh.at_terminal("run", write(slow)) as terminal:
        terminal.until("Ctrl-C cancels")
        code = terminal.wait()

    assert 0 == code
    assert terminal.shown.count("slow  ──────") > 3
    assert len({line for line in terminal.shown.splitlines() if " wait " in line}) > 3


def test_very_many_nodes_are_summarised(fresh: Cli, write: Write) -> None:
    many = """
    workflow: many
    nodes:
      each:
        type: for_each
        with: {items: "{{ range(300) | list }}"}
        do: {note: {type: set, with: {values: {n: "{{ item }}"}}}}
    """
    with fresh.at_terminal("run", write(many)) as terminal:
        code = terminal.wait()
    lines = terminal.shown.splitlines()

    assert 0 == code
    assert any("more (" in line and "completed)" in line for line in lines[-40:])
    assert any("301 nodes (301 completed)" in line for line in lines)


def test_it_speaks_korean(fresh: Cli, write: Write) -> None:
    answer = fresh("run", write(BREAKS), EVERYRUN_LANG="ko")

    assert answer.lines[0].startswith("✘ breaks 실패  ")
    assert "노드 4개 (2 완료, 1 실패, 1 건너뜀)" in answer.lines[0]
    assert ["✔ 완료 ", "↻ 재시도 중"] == [
        sign for sign in ("✔ 완료 ", "↻ 재시도 중") if sign in answer.err
    ]


def test_inputs_come_from_a_file_and_the_command_line(fresh: Cli, write: Write) -> None:
    inputs = write('{"one": 1, "words": ["a"]}', "inputs.json")
    answer = fresh("run", write(SUMS), "--input-file", inputs, "-i", "one=2", "--json")
    piped = fresh("run", "sums", "--input-file", "-", "--json", stdin='{"one": 3}')

    assert (8, 10) == (answer.json["output"], piped.json["output"])


def test_every_input_that_cannot_be_taken_is_named(fresh: Cli, write: Write) -> None:
    answer = fresh("run", write(SUMS), "-i", "one=many", "-i", "tow=2", "-i", "words=a")

    assert 2 == answer.code
    assert "" == answer.out
    assert all(
        part in answer.err
        for part in ("one: must be a whole number", "tow: no such input", "words: must be a list")
    )
    assert [] == fresh("list", "--json").json["items"]


def test_a_bad_file_tells_every_problem_and_nothing_is_on_record(fresh: Cli, write: Write) -> None:
    file = write(
        """
        workflow: bad
        nodes:
          a: {type: set, needs: b, with: {values: {x: "{{ nodes.z.output }}"}}}
          b: {type: set, needs: a, with: {values: {}}}
          c: {type: shel, with: {command: x}}
        """
    )
    answer = fresh("run", file)
    told = answer.err.splitlines()

    assert (2, "") == (answer.code, answer.out)
    assert {"CYCLE_DETECTED", "UNKNOWN_NODE", "UNKNOWN_NODE_TYPE"} == {
        line.split(": ")[1] for line in told[:-1]
    }
    assert all(line.startswith(f"{file}:") for line in told[:-1])
    assert f"error: {file} cannot be used: 3 problems" == told[-1]
    assert [] == fresh("workflow", "list", "--json").json["workflows"]


def test_a_file_on_standard_input_runs(fresh: Cli) -> None:
    assert 6 == fresh("run", "-", "--json", stdin=SUMS).json["output"]


def test_an_unknown_name_is_not_found(empty: Cli) -> None:
    answer = empty("run", "nowhere")

    assert (3, "error: there is no workflow 'nowhere'\n") == (answer.code, answer.err)


def test_a_workflow_that_is_switched_off_is_refused(fresh: Cli, write: Write) -> None:
    fresh("workflow", "apply", write(SUMS))
    fresh("workflow", "disable", "sums")
    answer = fresh("run", "sums")

    assert 7 == answer.code
    assert "switched off" in answer.err


def test_what_is_only_queued_waits_for_somebody_to_run_it(fresh: Cli, write: Write) -> None:
    queued = fresh("run", write(SUMS), "--detach", "--json")
    waiting = only(fresh)["status"]
    answer = fresh("resume", queued.json["id"], "--json")

    assert (0, "pending", "pending") == (queued.code, queued.json["status"], waiting)
    assert (0, "completed", 6) == (answer.code, answer.json["status"], answer.json["output"])


def test_one_node_at_once_where_it_is_asked_for(fresh: Cli, write: Write) -> None:
    wide = "workflow: wide\nnodes:\n" + "".join(
        f"  n{number}: {{type: shell, with: {{command: 'true'}}}}\n" for number in range(4)
    )
    answer = fresh("run", write(wide), "--concurrency", "1")
    words = [line.split()[2] for line in answer.err.splitlines()]

    assert ["running", "completed"] * 4 == words


def test_what_a_node_logs_is_in_the_same_ledger(empty: Cli, write: Write) -> None:
    url = empty.url
    assert url is not None
    empty.environment.pop("EVERYRUN_URL")
    ran = empty("run", write(BREAKS), "-i", "code=0", "--url", url, "--json")
    lines = empty("logs", ran.json["id"], "--url", url).lines

    assert any("going wrong" in line for line in lines)


def test_it_runs_on_postgresql(migrated_postgresql_url: str, fresh: Cli, write: Write) -> None:
    answer = fresh("run", write(SUMS), "--url", migrated_postgresql_url, "--json")

    assert (0, 6) == (answer.code, answer.json["output"])


TALK = """
import sys

def talk():
    print("said out loud")
    print("complained", file=sys.stderr)
"""


def test_what_nodes_print_keeps_out_of_the_answer(fresh: Cli, write: Write) -> None:
    write(TALK, "steps.py")
    file = write(
        "workflow: talks\nnodes:\n  a: {type: python, with: {function: 'steps.py:talk'}}\n"
    )
    answer = fresh("run", file, "--json")

    assert "completed" == answer.json["status"]
    assert ["said out loud", "complained"] == answer.err.splitlines()


def test_it_runs_on_when_nobody_reads_what_it_says(fresh: Cli, write: Write) -> None:
    with fresh.start("run", write(BREAKS), "-i", "code=0") as process:
        assert process.stderr is not None
        process.stderr.close()
        process.wait()

    assert 0 == process.returncode
    assert "completed" == only(fresh)["status"]


HEAVY = ("alembic", "jinja2", "pydantic", "rich", "httpx")


def test_a_small_run_loads_nothing_that_it_does_not_need(empty: Cli, write: Write) -> None:
    code = (
        "import sys\n"
        "from everyrun.cli.main import main\n"
        "main(sys.argv[1:])\n"
        "print(' '.join(sys.modules))\n"
    )
    plain = "workflow: one\nnodes: {only: {type: set, with: {values: {a: 1}}}}\n"
    done = subprocess.run(
        [sys.executable, "-c", code, "run", write(plain)],
        capture_output=True,
        env=empty.environment,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.splitlines()[-1].split())

    assert "✔ one completed" in done.stdout
    assert "everyrun.workflows.running.engine" in loaded
    assert [] == [name for name in HEAVY if name in loaded]
