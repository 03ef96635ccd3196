"""``make demo``: the audit's graph, run for real by a server, watched on its page, read back.

On a terminal the page is opened while the audit runs, and served until Ctrl-C. Without one the
page is fetched once, and the exit status is the audit's. Words given are those of ``everyrun run``,
such as ``--input only=true``.

The record goes into ``.everyrun`` here, and not among a person's own, unless ``EVERYRUN_URL`` or
``EVERYRUN_HOME`` say otherwise.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from examples.environment_audit.served import PageMissing, Server, served

OUTPUT = Path("output")
HOME = Path(".everyrun")
GRAPH = Path(__file__).with_name("audit.yaml")
WORKFLOW = "package audit"
INTERRUPTED = 130
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


def main(given: Sequence[str] = ()) -> int:
    """Audit, and show it. Answers 0 when the audit could be shown, whatever it found."""
    own_home = not {"EVERYRUN_URL", "EVERYRUN_HOME"} & os.environ.keys()
    if own_home:
        os.environ["EVERYRUN_HOME"] = str(HOME.resolve())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(INTERRUPTED))
    has_reader = sys.stdout.isatty()
    try:
        with served([_everyrun()]) as server:
            code = _demonstrate(server, given, has_reader=has_reader)
            if own_home:
                print(f"Look around yourself: EVERYRUN_HOME={HOME} .venv/bin/everyrun list")
            if code == 0 and has_reader:
                print(f"\nThe page is served at {server.address} until Ctrl-C.", flush=True)
                server.wait()
            return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except subprocess.CalledProcessError as error:
        return error.returncode
    except (PageMissing, httpx.HTTPError) as error:
        print(f"The page could not be fetched: {error}", file=sys.stderr)
        return 1


def _demonstrate(server: Server, given: Sequence[str], *, has_reader: bool) -> int:
    record = _begin(given)
    path = f"/executions/{record}?tab=graph"
    if has_reader:
        _open(server, path)
    code = _tell(("logs", record, "--follow", "--level", "warning", "--exit-status"))
    code = code or _read_back(record)
    if not has_reader:
        server.fetch(path)
        print(f"The page:   {server.address}{path} (fetched)")
    return code


def _begin(given: Sequence[str]) -> str:
    """Put the audit into the queue, where the server takes it from; answers its record's id."""
    usual = ("--input", "tamper=true", "--input", f"output={OUTPUT.resolve()}")
    words = ("run", os.path.relpath(GRAPH), *usual, *given, "--detach")
    print(f"\n$ everyrun {shlex.join(words)}", flush=True)
    begun = _answer((*words, "--json"))
    print(begun["id"], flush=True)
    return str(begun["id"])


def _open(server: Server, path: str) -> None:
    """Have a browser show the audit, where there is a screen; say where it is in any case."""
    link = server.way_to(path)
    print(f"\nThe page, signed in and on the running audit: {link}\n", flush=True)
    if any(os.environ.get(name) for name in _SCREENS):
        with suppress(webbrowser.Error):
            webbrowser.open(link)


def _read_back(record: str) -> int:
    for words in (
        ("list", "--limit", "5"),
        ("show", record),
        ("show", record, "--nodes", "failed"),
        ("show", record, "--nodes", "slowest"),
        ("logs", record, "--level", "warning", "--lines", "10"),
        ("stats", "--workflow", WORKFLOW),
    ):
        code = _tell(words)
        if code != 0:
            return code
    output = _answer(("show", record, "--json"))["output"]
    print(f"\nThe report: {output['page']}")
    print(f"            {output['spreadsheet']}")
    return 0


def _tell(words: Sequence[str]) -> int:
    """Run the command line as a person would, saying what is run."""
    print(f"\n$ everyrun {shlex.join(words)}", flush=True)
    return subprocess.run([_everyrun(), *words], check=False).returncode


def _answer(words: Sequence[str]) -> Any:
    done = subprocess.run([_everyrun(), *words], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def _everyrun() -> str:
    return str(Path(sys.executable).with_name("everyrun"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
