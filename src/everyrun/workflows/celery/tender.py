"""The process beside a worker that tends (``tending``), and ends when the worker does.

    python -m everyrun.workflows.celery.tender PIPE

A process of its own: the worker forks, and must hold neither threads nor databases when it does.
PIPE is a file descriptor that ends with the worker, however that ends.
"""

import logging
import os
import signal
import subprocess
import sys
from threading import Event, Thread
from typing import Self

_PAUSE_SECONDS = 1.0


class TenderProcess:
    """Keeps a tender beside this process, within ``with``."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        self._ending = Event()
        self._thread = Thread(target=self._keep, name="tender", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        os.close(self._writing)
        self._thread.join()
        os.close(self._reading)

    def _keep(self) -> None:
        while not self._ending.is_set():
            process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", __name__, str(self._reading)],
                pass_fds=(self._reading,),
                stdin=subprocess.DEVNULL,
                start_new_session=False,
            )
            process.wait()
            self._ending.wait(_PAUSE_SECONDS)


def main() -> None:
    """Tend until the pipe ends."""
    from everyrun.workflows.celery.hosting import Host
    from everyrun.workflows.celery.tending import Tender
    from everyrun.workflows.celery.working import make_passes

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the worker to hear
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    stop, pipe = Event(), int(sys.argv[1])

    def await_end() -> None:
        os.read(pipe, 1)
        stop.set()

    Thread(target=await_end, name="pipe", daemon=True).start()
    passes = make_passes()
    host = Host(passes)
    Tender(passes, host).run(stop)
    host.close()
    passes.close()


if __name__ == "__main__":
    main()
