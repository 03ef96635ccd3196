"""``everyrun serve`` as a process: the server, its scheduler and its engine."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Queue
from threading import Thread

ADMIN_TOKEN = "er_tests_0123456789abcdef0123456789abcdef"
_QUICK = {"EVERYRUN_POLL_SECONDS": "0.05", "EVERYRUN_CANCEL_GRACE": "0.2"}
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class ServingProcess:
    """A server that listens at ``url`` and lets ``token`` do everything."""

    url: str
    token: str = ADMIN_TOKEN


@contextmanager
def serving_process(url: str, environment: Mapping[str, str]) -> Iterator[ServingProcess]:
    """Serve the ledger at ``url`` until the block ends; then it ends in order."""
    command = [sys.executable, "-m", "everyrun.cli", "serve", "--port", "0", "--json"]
    process = subprocess.Popen(
        [*command, "--url", url],
        stdout=subprocess.PIPE,
        env={**environment, **_QUICK, "EVERYRUN_ADMIN_TOKEN": ADMIN_TOKEN},
        text=True,
    )
    assert process.stdout is not None
    addresses: Queue[str] = Queue()
    reader = Thread(target=_listen, args=(process.stdout, addresses), daemon=True)
    reader.start()
    try:
        yield ServingProcess(addresses.get(timeout=_PATIENCE_SECONDS))
    finally:
        process.terminate()
        process.wait(_PATIENCE_SECONDS)
        reader.join(_PATIENCE_SECONDS)
        process.stdout.close()


def _listen(lines: Iterable[str], addresses: "Queue[str]") -> None:
    """Read all that it tells, so that it never waits for a reader."""
    for line in lines:
        told = json.loads(line)
        if told["what"] == "listening":
            addresses.put(told["address"])
