"""What holds for every command: version, help, errors, exit codes."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from everyrun.store.database import open_database
from tests.acceptance.cli.conftest import Cli, Told

UNREACHABLE = "postgresql://127.0.0.1:1/nowhere"
READERS = [["list"], ["logs", "abcd"], ["db", "check"]]


def test_the_version_is_printed(fresh: Cli) -> None:
    answer = fresh("--version")

    assert (0, f"everyrun {version('everyrun')}\n") == (answer.code, answer.out)


def test_the_installed_command_is_the_same(fresh: Cli) -> None:
    script = Path(sys.executable).with_name("everyrun")

    done = subprocess.run(
        [script, "--version"], capture_output=True, env=fresh.environment, check=True
    )

    assert fresh("--version").out == done.stdout.decode()


def test_no_arguments_show_what_there_is(fresh: Cli) -> None:
    answer = fresh()

    assert 0 == answer.code
    assert "Usage: everyrun" in answer.out
    assert all(name in answer.out for name in ("list", "show", "logs", "exec", "spool", "db"))


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_a_ledger_that_does_not_answer_is_exit_code_5(fresh: Cli, command: list[str]) -> None:
    answer = fresh(*command, "--url", UNREACHABLE)

    assert (5, "", 1) == (answer.code, answer.out, len(answer.err.splitlines()))
    assert answer.err.startswith("error: the ledger does not answer: ")
    assert "check EVERYRUN_URL" in answer.err


@pytest.mark.parametrize("command", READERS[1:], ids=" ".join)
def test_a_missing_ledger_is_exit_code_5(fresh: Cli, command: list[str]) -> None:
    answer = fresh(*command)

    assert (5, "", 1) == (answer.code, answer.out, len(answer.err.splitlines()))
    assert "everyrun exec -- echo hello" in answer.err


@pytest.mark.parametrize(
    ("revision", "complaint"),
    [("0000", "written by a newer Everyrun"), ("zzzz", "written by a newer Everyrun")],
)
def test_a_ledger_of_a_newer_version_is_exit_code_5(
    empty: Cli, revision: str, complaint: str
) -> None:
    assert empty.url is not None
    database = open_database(empty.url)
    with database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    database.close()

    answer = empty("list")

    assert (5, "") == (answer.code, answer.out)
    assert complaint in answer.err


def test_a_ledger_without_tables_is_exit_code_5(fresh: Cli) -> None:
    fresh("db", "upgrade")
    fresh("db", "downgrade", "--revision", "base", "--yes")

    answer = fresh("stats")

    assert 5 == answer.code
    assert "make them with `everyrun db upgrade`" in answer.err


def test_a_file_that_is_no_ledger_is_exit_code_5(fresh: Cli, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear ledger, " * 100)

    answer = fresh("show", "abcd", "--url", f"sqlite:///{tmp_path / 'letter.txt'}")

    assert (5, 1) == (answer.code, len(answer.err.splitlines()))
    assert "file is not a database" in answer.err


@pytest.mark.parametrize(
    ("complaint", "environment"),
    [
        ("must look like sqlite:///", {"EVERYRUN_URL": "nonsense"}),
        ("lives in sqlite:/// or postgresql://", {"EVERYRUN_URL": "mysql://host/x"}),
        ("EVERYRUN_SPOOL_LIMIT", {"EVERYRUN_SPOOL_LIMIT": "much"}),
    ],
)
def test_an_unusable_setting_is_exit_code_2(
    fresh: Cli, complaint: str, environment: dict[str, str]
) -> None:
    answer = fresh("list", **environment)

    assert (2, 1) == (answer.code, len(answer.err.splitlines()))
    assert complaint in answer.err


@pytest.mark.parametrize(
    ("complaint", "arguments"),
    [
        ("No such command 'lst'. Did you mean 'list'?; see `everyrun --help`", ["lst"]),
        ("Missing argument 'ID'; see `everyrun show --help`", ["show"]),
        ("Missing command; see `everyrun db --help`", ["db"]),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_code_2(
    fresh: Cli, complaint: str, arguments: list[str]
) -> None:
    answer = fresh(*arguments)

    assert (2, f"error: {complaint}\n") == (answer.code, answer.err)


def test_errors_are_korean_where_that_is_spoken(told: Told) -> None:
    answer = told.cli("show", "ffffffff", EVERYRUN_LANG="ko")

    assert (3, "오류: ffffffff 라는 ID 의 기록이 없습니다. `everyrun list` 로 목록을 보세요\n") == (
        answer.code,
        answer.err,
    )


def test_the_ledger_can_be_named_before_or_after_the_command(told: Told, fresh: Cli) -> None:
    assert told.cli.url is not None

    before = fresh("--url", told.cli.url, "list", "--json")
    after = fresh("list", "--json", "--url", told.cli.url)

    assert (4, 4) == (len(before.json["items"]), len(after.json["items"]))


def test_a_terminal_that_knows_no_unicode_gets_an_answer(told: Told) -> None:
    answer = told.cli("list", PYTHONIOENCODING="ascii")

    assert 0 == answer.code
    assert "send_invoice" in answer.out


def test_a_password_is_never_printed(fresh: Cli) -> None:
    url = "postgresql://someone:s3cret@127.0.0.1:1/nowhere"

    answers = [fresh(*command, "--url", url) for command in (["list"], ["db", "upgrade"])]

    assert all("s3cret" not in answer.out + answer.err for answer in answers)
