"""Small programs that tests of nodes start in processes of their own."""

import os
import signal
import sys
from pathlib import Path
from subprocess import Popen

from everyrun.nodes.commands import guarding
from everyrun.nodes.context import NodeSettings
from everyrun.nodes.shell import Shell
from everyrun.testing.node_contexts import node_context

ESCAPES = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv("/bin/sleep", ["sleep", *sys.argv[1:]])
    os._exit(0)
os.wait()
time.sleep(1000)
"""
"""A program in Python that leaves a daemon behind."""


def engine(sign: str, how: str) -> None:
    """Run a command that leaves processes everywhere; they carry ``sign``. Until we are killed."""
    context = node_context(Path.cwd(), settings=NodeSettings(cancel_grace=0.2))
    if how != "run":
        Shell(command="true").run(context)
    if how == "replace":
        os.kill(guarding.GUARD._process, signal.SIGKILL)
        os.waitid(os.P_PID, guarding.GUARD._process, os.WEXITED | os.WNOWAIT)
    if how == "hold":
        Popen(["sleep", sign], pass_fds=[guarding.GUARD._pipe])
    command = (
        f"trap '' TERM; sleep {sign} & setsid sleep {sign} & "
        f"{sys.executable} -c '{ESCAPES}' {sign} & wait"
    )
    Shell(command=command).run(context)


if __name__ == "__main__":
    {"engine": engine}[sys.argv[1]](*sys.argv[2:])
