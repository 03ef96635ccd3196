"""The command as a user runs it: a process, with pipes or with a terminal."""

import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import everyrun
from tests.acceptance.cli import stories
from tests.support.postgresql_databases import PostgresqlDatabases
from tests.support.terminals import Terminal
from tests.support.warm_processes import WarmProcesses

SECONDS_ALLOWED = 60
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": str(Path(everyrun.__file__).parents[1]),
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "xterm-256color",
}
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@dataclass(frozen=True)
class Answer:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it is."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """Standard output's lines."""
        return self.out.splitlines()


class Cli:
    """Runs ``everyrun`` against one ledger, in English and in UTC unless told otherwise."""

    def __init__(self, url: str | None, home: Path, warm: WarmProcesses) -> None:
        self.url = url
        self.home = home
        self.warm = warm
        self.environment = ENVIRONMENT | {"EVERYRUN_HOME": str(home)}
        if url is not None:
            self.environment["EVERYRUN_URL"] = url

    def __call__(self, *arguments: str, stdin: str = "", **environment: str) -> Answer:
        """Run to the end, with pipes."""
        wished = self.environment | environment
        if self.warm.suit(wished):
            done = self.warm.run(arguments, wished, stdin.encode(), SECONDS_ALLOWED)
        else:
            done = subprocess.run(
                self.command(*arguments),
                input=stdin.encode(),
                capture_output=True,
                env=wished,
                timeout=SECONDS_ALLOWED,
                check=False,
            )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    def command(self, *arguments: str) -> list[str]:
        """The command line of a process."""
        return [sys.executable, "-m", "everyrun.cli", *arguments]

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Begin and go on; whoever calls this waits for its end."""
        return subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment | environment,
        )

    def at_terminal(self, *arguments: str, columns: int = 80, **environment: str) -> Terminal:
        """Begin at a terminal where keys can be pressed; whoever calls this waits for its end."""
        return Terminal(self.command(*arguments), self.environment | environment, columns=columns)

    def terminal(
        self, *arguments: str, columns: int = 80, keys: str = "", raw: bool = False, **env: str
    ) -> Answer:
        """Run to the end in a terminal ``columns`` wide, typing ``keys``.

        What a person sees, without the escape sequences unless ``raw``; both streams in ``out``.
        """
        ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        wished = self.environment | env
        assert self.warm.suit(wished)
        process = self.warm.start(arguments, wished, (theirs, theirs, theirs), session=True)
        os.close(theirs)
        os.write(ours, keys.encode())
        try:
            seen = b"".join(_read_all(ours)).decode().replace("\r\n", "\n")
            code = process.wait(SECONDS_ALLOWED)
        finally:
            os.close(ours)
        return Answer(code, seen if raw else _ESCAPES.sub("", seen), "")


def _read_all(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(descriptor, 65_536)
        except OSError:  # Linux says so when the last process has closed the terminal
            return
        if not data:
            return
        yield data


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmProcesses]:
    """Where the command is loaded already."""
    with WarmProcesses(ENVIRONMENT) as processes:
        yield processes


@pytest.fixture
def fresh(own_home: Path, warm: WarmProcesses) -> Cli:
    """The command where nothing was ever recorded."""
    return Cli(None, own_home, warm)


@pytest.fixture
def empty(migrated_sqlite_url: str, own_home: Path, warm: WarmProcesses) -> Cli:
    """The command with a migrated SQLite ledger without rows."""
    return Cli(migrated_sqlite_url, own_home, warm)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Writes a workflow file and answers its path."""

    def put(text: str, name: str = "flow.yaml") -> str:
        file = tmp_path / name
        file.write_text(dedent(text), encoding="utf-8")
        return str(file)

    return put


@pytest.fixture
def record(empty: Cli) -> Callable[..., Cli]:
    """Puts stories into the SQLite ledger and answers the command."""

    def put(*told: stories.Story) -> Cli:
        assert empty.url is not None
        stories.write(empty.url, *told)
        return empty

    return put


@dataclass(frozen=True)
class Told:
    """The command with a ledger in which one execution of every sort is on record."""

    cli: Cli
    settlement: stories.Story
    invoice: stories.Story
    audit: stories.Story
    lost: stories.Story


@pytest.fixture(scope="session")
def told(
    sqlite_template: Path, warm: WarmProcesses, tmp_path_factory: pytest.TempPathFactory
) -> Told:
    """An SQLite ledger to read, never to change: tests share it."""
    folder = tmp_path_factory.mktemp("told")
    shutil.copyfile(sqlite_template, folder / "everyrun.db")
    return tell(Cli(f"sqlite:///{folder / 'everyrun.db'}", folder, warm))


@pytest.fixture(scope="session")
def told_on_postgresql(
    postgresql_databases: PostgresqlDatabases,
    postgresql_template: str,
    warm: WarmProcesses,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Told]:
    """The same on PostgreSQL."""
    with postgresql_databases.lend(postgresql_template) as url:
        yield tell(Cli(url, tmp_path_factory.mktemp("told"), warm))


@pytest.fixture(
    params=["told", pytest.param("told_on_postgresql", marks=pytest.mark.postgresql)],
    ids=["sqlite", "postgresql"],
)
def told_on_each(request: pytest.FixtureRequest) -> Told:
    """The same on each database in turn."""
    told: Told = request.getfixturevalue(request.param)
    return told


def tell(cli: Cli) -> Told:
    """Put one execution of every sort on record."""
    assert cli.url is not None
    made = Told(
        cli,
        settlement=stories.failed_settlement(),
        invoice=stories.completed_invoice(),
        audit=stories.running_audit(),
        lost=stories.lost_import(),
    )
    stories.write(cli.url, made.lost, made.invoice, made.settlement, made.audit)
    return made
