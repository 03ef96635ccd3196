"""Ask the API everything that its description allows, and much that it does not.

    python -m benchmarks.api_faults [--database sqlite|postgresql|both] [--seconds 1200]

Schemathesis reads the server's OpenAPI document and makes up requests from it, valid ones and wrong
ones, one by one and in chains that follow what was answered (a workflow is made, read, changed,
deleted). All of its checks hold: no answer of 500, each answer as it is described, wrong requests
refused, right ones taken, nothing let in without a token. No answer may take 10 seconds. The server
is a real one over a small ledger with a history, its queue served by a real engine.

Exits with 1 when a check failed.
"""

import argparse
import contextlib
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from benchmarks.generate_ledger import generate
from benchmarks.history.plan import Size
from everyrun.domain.clock import SystemClock
from everyrun.domain.roles import Role
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database, open_database
from everyrun.workflows.running import Engine
from everyrun.workflows.settings import EngineSettings
from tests.support.postgresql_server import PostgresqlServer
from tests.support.served import serve

SLOWEST_ANSWER_SECONDS = 10.0
_SMALL = Size(executions=300, nodes=1_500, logs=3_000)
_CONFIGURATION = Path(__file__).with_name("api_faults.toml")
_NODE_TYPES = "set,condition,switch,wait,approval,for_each,repeat"


@contextlib.contextmanager
def _ledger(kind: str, folder: Path) -> Iterator[Database]:
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder / 'everyrun.db'}"
        if kind == "postgresql":
            url = stack.enter_context(PostgresqlServer()).url()
        database = open_database(url)
        stack.callback(database.close)
        database.upgrade()
        generate(database, _SMALL, seed=7, until=SystemClock().now(), quiet=True)
        yield database


@contextlib.contextmanager
def _engine(database: Database) -> Iterator[None]:
    """Run what is started, as a server does; nodes that reach outside are not run here."""
    engine = Engine(database, EngineSettings(node_types=_NODE_TYPES))
    stop = threading.Event()
    thread = threading.Thread(target=engine.serve, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        engine.hand_over(1.0)
        thread.join()
        engine.close()


def run_campaign(kind: str, seconds: float, seed: int, folder: Path) -> int:
    """One campaign; answers Schemathesis's exit code, 0 when every check held."""
    settings = ServerSettings(rate_limit=0, most_executions=200)
    with _ledger(kind, folder) as database, _engine(database), serve(database, settings) as served:
        command = [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", str(_CONFIGURATION)),
            *("run", f"{served.url}/api/v1/openapi.json"),
            *("--header", f"Authorization: Bearer {served.token(Role.ADMIN, name='fuzz')}"),
            *("--max-time", f"{seconds:.0f}", "--seed", str(seed)),
            *("--max-response-time", str(SLOWEST_ANSWER_SECONDS)),
        ]
        return subprocess.run(command, cwd=folder, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seconds", type=float, default=1_200.0)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    broken = 0
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="everyrun-api-faults-") as folder:
            code = run_campaign(kind, options.seconds, options.seed, Path(folder))
        print(f"{kind}: seed {options.seed}, Schemathesis ended with {code}")
        broken += code != 0
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
