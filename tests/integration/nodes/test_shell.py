"""``shell``: real commands, their lines, their output, and what they are given."""

import sys
from pathlib import Path
from typing import Any

import pytest

from everyrun.nodes.base import NodeFailed
from everyrun.nodes.shell import Shell
from everyrun.testing.node_contexts import Line, NodeContext, node_context
from tests.support.running_nodes import failure_of, output_of, problem_with
from tests.support.waiting import wait_until

PYTHON = sys.executable


@pytest.fixture
def context(tmp_path: Path) -> NodeContext:
    return node_context(tmp_path)


def _output(context: NodeContext, **parameters: Any) -> Any:
    return output_of(Shell, context, **parameters)


def _failure(context: NodeContext, **parameters: Any) -> NodeFailed:
    return failure_of(Shell, context, **parameters)


def test_a_text_is_read_by_a_shell(context: NodeContext) -> None:
    output = _output(context, command="echo one two | tr a-z A-Z; echo hush >&2")

    assert {"exit_code": 0, "stdout": "ONE TWO", "stderr": "hush"} == output


def test_a_list_is_read_by_no_shell(context: NodeContext) -> None:
    output = _output(context, command=["echo", "$HOME; rm *", 7, 0.5])

    assert "$HOME; rm * 7 0.5" == output["stdout"]


def test_a_shell_can_be_chosen(context: NodeContext) -> None:
    output = _output(context, command="[[ ab == a* ]] && echo bash", shell="bash")

    assert "bash" == output["stdout"]


def test_lines_are_on_record_with_their_stream(context: NodeContext) -> None:
    _output(context, command="echo 하나; echo 둘 >&2; printf 셋")

    assert {("하나", "stdout"), ("둘", "stderr"), ("셋", "stdout")} == {
        (line.message, line.logger) for line in context.lines
    }
    assert {"info"} == {line.level for line in context.lines}


def test_a_line_is_on_record_before_the_command_ends(context: NodeContext, tmp_path: Path) -> None:
    def let_it_end(line: Line) -> None:
        if line.message == "begun":
            (tmp_path / "go").touch()

    context.on_line = let_it_end
    output = _output(context, command="echo begun; until test -e go; do sleep 0.01; done; echo end")

    assert "begun\nend" == output["stdout"]


def test_lines_stay_off_the_record_when_asked(context: NodeContext) -> None:
    output = _output(context, command="echo quiet", log=False)

    assert "quiet" == output["stdout"]
    assert [] == context.lines


def test_it_runs_where_the_workflow_lies(context: NodeContext, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()

    assert str(tmp_path) == _output(context, command="pwd")["stdout"]
    assert str(tmp_path / "inner") == _output(context, command="pwd", directory="inner")["stdout"]
    assert "/" == _output(context, command="pwd", directory="/")["stdout"]


def test_variables_are_added_and_taken_away(
    context: NodeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEPT", "kept")
    monkeypatch.setenv("TAKEN", "taken")
    env = {"ADDED": "a b", "NUMBER": 7, "TAKEN": None}
    output = _output(context, command="echo $KEPT $ADDED $NUMBER ${TAKEN-none}", env=env)

    assert "kept a b 7 none" == output["stdout"]


def test_secrets_reach_a_command_only_when_handed_on(
    context: NodeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVERYRUN_SECRET_KEY", "0123456789")
    given = {"KEY": "0123456789"}

    assert "" == _output(context, command="echo $EVERYRUN_SECRET_KEY")["stdout"]
    assert "0123456789" == _output(context, command="echo $KEY", env=given)["stdout"]


def test_what_it_records_is_tied_to_this_execution(context: NodeContext) -> None:
    output = _output(context, command="echo $EVERYRUN_PARENT_EXECUTION_ID")

    assert context.execution_id == output["stdout"]


def test_input_is_read_and_its_end_is_seen(context: NodeContext) -> None:
    text = "한 줄\n" * 100_000

    assert "100000" == _output(context, command="wc -l", input=text)["stdout"].strip()


def test_without_input_there_is_nothing_to_read(context: NodeContext) -> None:
    assert "" == _output(context, command=["cat"])["stdout"]


@pytest.mark.parametrize(
    ("capture", "expected"),
    [
        ("text", '[1,\n "둘"]'),
        ("lines", ["[1,", ' "둘"]']),
        ("json", [1, "둘"]),
        ("bytes", '[1,\n "둘"]\n'.encode()),
    ],
)
def test_stdout_is_captured_as_asked(context: NodeContext, capture: str, expected: object) -> None:
    output = _output(context, command=["printf", '[1,\\n "둘"]\\n'], capture=capture)

    assert expected == output["stdout"]


def test_bytes_that_are_no_text_survive(context: NodeContext) -> None:
    program = r"import sys; sys.stdout.buffer.write(bytes(range(256)))"
    as_bytes = _output(context, command=[PYTHON, "-c", program], capture="bytes")
    as_text = _output(context, command=[PYTHON, "-c", program])

    assert bytes(range(256)) == as_bytes["stdout"]
    assert "\\xfe\\xff" == as_text["stdout"][-8:]


def test_of_a_large_output_the_end_is_kept(context: NodeContext) -> None:
    command = "head -c 50000000 /dev/zero | tr '\\0' x; echo; echo the end"
    output = _output(context, command=command, max_output=1000)

    assert output["stdout"].startswith("[cut: 49,999,009 bytes before] …xxx")
    assert output["stdout"].endswith("xxx\nthe end")


def test_json_that_was_cut_is_an_error_that_names_the_limit(context: NodeContext) -> None:
    failure = _failure(context, command="echo '[1, 2, 3, 4, 5]'", capture="json", max_output=10)

    assert str(failure).startswith("max_output: stdout is longer than 10 bytes")


def test_stdout_that_is_no_json_is_an_error(context: NodeContext) -> None:
    failure = _failure(context, command="echo nothing", capture="json")

    assert str(failure).startswith("capture: stdout is no JSON: Expecting value")
    assert {"exit_code": 0, "stdout": "nothing"} == failure.output


def test_another_exit_code_fails_with_the_last_line_of_stderr(context: NodeContext) -> None:
    failure = _failure(context, command="echo out; echo first >&2; echo 'disk full' >&2; exit 3")

    assert "exit code 3: disk full" == str(failure)
    assert {"exit_code": 3, "stdout": "out", "stderr": "first\ndisk full"} == failure.output


def test_exit_codes_that_are_a_success_are_told(context: NodeContext) -> None:
    assert 1 == _output(context, command="exit 1", ok_codes=[0, 1])["exit_code"]
    assert "exit code 0" == str(_failure(context, command=["true"], ok_codes=[1]))


def test_a_command_that_was_killed_says_by_what(context: NodeContext) -> None:
    failure = _failure(context, command="kill -SEGV $$")

    assert "killed by SIGSEGV" == str(failure)
    assert 139 == failure.output["exit_code"]


def test_a_program_that_is_not_there_is_named(context: NodeContext) -> None:
    assert "command: no-such was not found" == str(_failure(context, command=["no-such"]))
    assert "exit code 127" in str(_failure(context, command="no-such"))


def test_a_program_that_cannot_be_run_is_named(context: NodeContext, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no program")
    failure = _failure(context, command=[str(tmp_path / "notes.txt")])

    assert f"command: {tmp_path}/notes.txt: Permission denied" == str(failure)


def test_a_shell_that_is_not_there_is_named(context: NodeContext) -> None:
    assert "command: nosh was not found" == str(_failure(context, command="true", shell="nosh"))


def test_a_folder_that_is_not_there_is_named(context: NodeContext, tmp_path: Path) -> None:
    failure = _failure(context, command="true", directory="gone")

    assert f"directory: there is no folder {tmp_path}/gone" == str(failure)


def test_what_it_leaves_in_the_background_goes_on(context: NodeContext, tmp_path: Path) -> None:
    waits = "until test -e go; do sleep 0.01; done; echo done >done"
    _output(context, command=f"({waits}) >/dev/null 2>&1 & echo started")
    (tmp_path / "go").touch()

    wait_until((tmp_path / "done").exists, "the background job goes on")


def test_a_line_that_cannot_be_put_on_record_ends_the_command(
    context: NodeContext, tmp_path: Path
) -> None:
    def refuse(line: Line) -> None:
        raise RuntimeError(line.message)

    context.on_line = refuse
    with pytest.raises(RuntimeError):
        _output(context, command=f"echo $$; exec sleep 1000 {tmp_path}")

    assert not Path(f"/proc/{context.lines[0].message}").exists()


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "parameter 'command' is missing"),
        ({"command": ""}, "parameter 'command' is empty"),
        ({"command": []}, "parameter 'command' is empty"),
        ({"command": [""]}, "parameter 'command' is empty"),
        ({"command": "a\0b"}, "parameter 'command': a NUL cannot be handed to a program"),
        ({"command": ["a", {}]}, "parameter 'command', in [1], must be"),
        ({"command": "a", "shell": ""}, "parameter 'shell' is empty"),
        ({"command": "a", "env": {"A=B": "c"}}, "'env': 'A=B' cannot be a variable's name"),
        ({"command": "a", "env": {"A": "\0"}}, "'env': a NUL cannot be handed to a program"),
        ({"command": "a", "env": {"A": [1]}}, "parameter 'env', in [...], must be"),
        ({"command": "a", "ok_codes": []}, "parameter 'ok_codes' must be"),
        ({"command": "a", "ok_codes": [256]}, "parameter 'ok_codes', in [0], must be"),
        ({"command": "a", "capture": "yaml"}, "parameter 'capture' cannot be 'yaml'; there are"),
        ({"command": "a", "max_output": -1}, "parameter 'max_output' must be"),
        ({"command": "a", "grace": "soon"}, "parameter 'grace': 'soon' is no span of time"),
        ({"command": "a", "input": 3}, "parameter 'input' must be text or null"),
        ({"command": "a", "comand": "b"}, "there is no parameter 'comand'"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, Any], sentence: str) -> None:
    assert sentence in problem_with(Shell, parameters)


def test_templates_are_not_judged() -> None:
    parameters = {"command": ["{{ a }}", "{{ b }}"], "env": {"A": "{{ c }}"}, "shell": "{{ d }}"}

    assert [] == Shell.problems_of(parameters)
