"""What the processes of these tests do. Started as ``python -m … PROGRAM ARGUMENTS``."""

import atexit
import gc
import json
import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from everyrun.domain.errors import SinkUnavailable
from everyrun.domain.events import AnyEvent, RecorderInfo, encode
from everyrun.tracking import recording
from everyrun.tracking.recorder import Recorder
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.adoption import adopt
from tests.support.file_sink import FileSink
from tests.support.lines import line

NOWHERE = "nowhere"


class AwaySink:
    """A ledger that never answers."""

    def write(self, recorder: RecorderInfo, events: Sequence[bytes]) -> None:
        """Refuse."""
        raise SinkUnavailable

    def close(self) -> None:
        """Nothing was opened."""


class HangingSink(AwaySink):
    """A ledger that never comes back."""

    def write(self, recorder: RecorderInfo, events: Sequence[bytes]) -> None:
        """Hang."""
        threading.Event().wait()


def make_recorder(home: str, ledger: str, **settings: Any) -> Recorder:
    """A recorder into a file, or into nowhere."""
    sink = AwaySink() if ledger == NOWHERE else FileSink(Path(ledger))
    return Recorder(Settings(home=Path(home), **{"flush_interval": 0.01} | settings), sink=sink)


def encoded(event: AnyEvent) -> bytes:
    """An event as it was recorded."""
    return encode(event)


def say(what: object) -> None:
    """Tell the test."""
    os.write(1, f"{json.dumps(what)}\n".encode())


def record_until_killed(home: str, ledger: str, spool_limit: str) -> None:
    recorder = make_recorder(home, ledger, spool_limit=int(spool_limit), segment_bytes=20_000)
    number = 0
    while True:
        recorder.record(line(number, text="x" * (number % 700)))
        os.write(1, b"%d\n" % number)
        number += 1


def record_and_end(home: str, ledger: str, count: str) -> None:
    recorder = make_recorder(home, ledger, flush_at_exit=0.5)
    for number in range(int(count)):
        recorder.record(line(number))


def record_while_ending(home: str, ledger: str) -> None:
    recorder = make_recorder(home, ledger)
    recorder.record(line(0))
    atexit.register(lambda: recorder.record(line(1)))


def record_after_the_end(home: str, ledger: str) -> None:
    recorder = make_recorder(home, ledger)
    recorder.record(line(0))
    recorder.close()
    recorder.record(line(1))
    os._exit(0)


def end_with_a_hanging_ledger(home: str) -> None:
    settings = Settings(home=Path(home), flush_interval=0.01, flush_at_exit=0.2)
    recorder = Recorder(settings, sink=HangingSink())
    recorder.record(line(0))


def record_where_no_thread_can_start(home: str, ledger: str) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    threading.Thread.start = refuse  # type: ignore[method-assign]
    recorder = make_recorder(home, ledger)
    recorder.record(line(0))
    say(recorder.flush())


def record_in_signal_handlers_and_finalizers(home: str, ledger: str) -> None:
    recorder = make_recorder(home, ledger, segment_bytes=10_000)
    handled: list[int] = []
    finalized: list[int] = []

    def handle(*_: object) -> None:
        handled.append(100_000 + len(handled))
        recorder.record(line(handled[-1]))
        # The next one comes only when this one is done: handlers that only interrupt each other
        # leave nothing to interrupt.
        signal.setitimer(signal.ITIMER_REAL, 0.0001)

    class Mortal:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            finalized.append(200_000 + len(finalized))
            recorder.record(line(finalized[-1]))

    gc.set_threshold(10)
    signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 0.0001)
    count = 0
    while len(handled) < 200 or count < 2_000:
        recorder.record(line(count))
        Mortal()
        count += 1
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    gc.collect()
    recorder.close()
    say([list(range(count)) + handled + finalized, recorder.dropped, recorder.swallowed])


def record_past_a_file_size_limit(home: str, ledger: str) -> None:
    recorder = make_recorder(home, ledger, flush_interval=60.0)
    for number in range(10):
        recorder.record(line(number))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    for number in range(10, 47):
        recorder.record(line(number))
    dropped = recorder.dropped
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    for number in range(47, 50):
        recorder.record(line(number))
    recorder.close()
    say(dropped)


def flood(home: str, count: str) -> None:
    recorder = Recorder(
        Settings(home=Path(home), flush_interval=0.0, flush_at_exit=0.1), sink=HangingSink()
    )
    event = line(0, text="x" * 100)
    for _ in range(1_000):
        recorder.record(event)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(int(count)):
        recorder.record(event)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = recorder.status()
    assert status is not None
    say([(after - before) * 1024, status.unacknowledged_bytes, recorder.dropped])


def fork_while_recording(home: str, ledger: str, children: str) -> None:
    recorder = make_recorder(home, ledger)
    stop = threading.Event()
    recorded = 0

    def record() -> None:
        nonlocal recorded
        while not stop.is_set():
            recorder.record(line(recorded))
            recorded += 1

    thread = threading.Thread(target=record)
    thread.start()
    for child in range(int(children)):
        pid = os.fork()
        if pid == 0:
            for number in range(10):
                recorder.record(line(1_000_000 + child * 100 + number))
            os._exit(0)
        os.waitpid(pid, 0)
    stop.set()
    thread.join()
    mine = recorder.info.id
    recorder.close()
    say([mine, recorded, recorder.dropped])


def fork_from_several_threads(home: str, ledger: str) -> None:
    recorder = make_recorder(home, ledger)

    def fork(first: int) -> None:
        for number in range(first, first + 15):
            recorder.record(line(number))
            pid = os.fork()
            if pid == 0:
                recorder.record(line(1_000 + number))
                os._exit(0)
            os.waitpid(pid, 0)

    threads = [threading.Thread(target=fork, args=(part * 100,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.close()
    say(recorder.dropped)


def flush_in_a_forked_child(home: str, ledger: str) -> None:
    recorder = make_recorder(home, ledger)
    recorder.record(line(0))
    pid = os.fork()
    if pid == 0:
        recorder.record(line(1))
        os._exit(0 if recorder.flush() and recorder.close() else 1)
    say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def die_before_the_child(home: str) -> None:
    recorder = make_recorder(home, NOWHERE)
    recorder.record(line(0))
    parent = os.getpid()
    if os.fork() == 0:
        recorder.record(line(1))
        say([parent, os.getpid()])
        sys.stdin.readline()
        os._exit(0)
    os._exit(0)


def abandon_many(home: str, count: str, events: str) -> None:
    for spool in range(int(count)):
        pid = os.fork()
        if pid == 0:
            recorder = make_recorder(home, NOWHERE)
            for number in range(int(events)):
                recorder.record(line(spool * 1_000 + number))
            os._exit(0)
        os.waitpid(pid, 0)


def adopt_when_told(home: str, ledger: str) -> None:
    say("ready")
    sys.stdin.readline()
    adopted = adopt(Settings(home=Path(home), batch_events=7), FileSink(Path(ledger)))
    say([adopted.spools, adopted.events])


def record_in_children(home: str, ledger: str, method: str) -> None:
    # A task is more than a process: each child leaves only when its work has been handed back.
    with multiprocessing.get_context(method).Pool(2) as pool:
        pool.starmap(record_in_child, [(home, ledger, number) for number in range(20)])
        pool.close()
        pool.join()


def record_in_child(home: str, ledger: str, number: int) -> None:
    recorder = recording.use(None) or make_recorder(home, ledger)
    recording.use(recorder)
    recorder.record(line(number))


if __name__ == "__main__":
    program, *arguments = sys.argv[1:]
    globals()[program](*arguments)
