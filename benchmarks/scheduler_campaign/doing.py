"""What the nodes of the campaign's graph do: they leave a mark in a file, and nap.

A mark is one line, ``EXECUTION KEY ATTEMPT``, written by one call, so that none is torn.
"""

import os
import time

import everyrun


def work(marks: str, seconds: float) -> None:
    """Leave a mark, and take a while."""
    node = everyrun.current_node()
    execution = everyrun.current_execution()
    assert node is not None and execution is not None
    file = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, f"{execution.id} {node.key} {node.attempt}\n".encode())
    finally:
        os.close(file)
    time.sleep(seconds)
