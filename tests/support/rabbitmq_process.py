"""A RabbitMQ of one's own on free ports, from Debian's package ``rabbitmq-server``."""

import os
import subprocess
from pathlib import Path
from typing import Self

import kombu

from tests.support.server_processes import free_port
from tests.support.waiting import wait_until

RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""What Debian's command of this name runs as a user of its own."""
STARTED_WITHIN = 120.0


class RabbitmqProcess:
    """Within ``with`` it runs; all that it keeps lies in ``folder``."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{port}//"
        self._environment = os.environ | {
            "HOME": str(folder),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(free_port()),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_NODENAME": f"everyrun-{port}@localhost",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [RABBITMQ], env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        wait_until(self._answers, "an answer of RabbitMQ", STARTED_WITHIN)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        # What Erlang's nodes find each other by; it would stay.
        subprocess.run(["epmd", "-kill"], env=self._environment, capture_output=True, check=False)

    def _answers(self) -> bool:
        try:
            with kombu.Connection(self.url, connect_timeout=1) as connection:
                connection.connect()
        except OSError:
            return False
        return True
