"""The page beside the demonstration: a server of its own, the way in, and one look at it."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from threading import Thread
from typing import IO
from urllib.parse import quote, urljoin

import httpx

_SECONDS_FOR_AN_ANSWER = 30
_ASSET = re.compile(r'src="([^"]+\.js)"')


class PageMissing(RuntimeError):
    """The server answers, but not with the page: python -m scripts.build_web builds it."""


class Server:
    """A server that was started here: where it is, and how one comes in."""

    def __init__(self, process: "subprocess.Popen[str]", address: str, link: str) -> None:
        self._process = process
        self.address = address
        self._link = link

    def way_to(self, path: str) -> str:
        """The login link that ends at ``path``; it opens once."""
        return f"{self._link}&next={quote(path, safe='')}"

    def fetch(self, path: str) -> None:
        """Come in by the link, and get the page at ``path`` with its script, as a browser does.

        Raises :class:`PageMissing` and ``httpx.HTTPError``.
        """
        with httpx.Client(follow_redirects=True, timeout=_SECONDS_FOR_AN_ANSWER) as client:
            page = client.get(self.way_to(path)).raise_for_status()
            script = _ASSET.search(page.text)
            if script is None:
                raise PageMissing(PageMissing.__doc__)
            client.get(urljoin(str(page.url), script[1])).raise_for_status()
            me = client.get(urljoin(self.address, "/api/v1/me"))
            if me.status_code != HTTPStatus.OK:
                raise PageMissing("The login link let nobody in.")

    def wait(self) -> None:
        """Until somebody presses Ctrl-C, which reaches the server itself."""
        try:
            self._process.wait()
        except KeyboardInterrupt:
            return


@contextmanager
def served(command: Sequence[str]) -> Iterator[Server]:
    """A server on the ledger of the environment, ended with the block.

    ``command`` starts ``everyrun``. Raises ``CalledProcessError`` when it does not begin.
    """
    port = () if "EVERYRUN_PORT" in os.environ else ("--port", "0")
    words = [*command, "up", "--no-open", "--json", *port]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield _begun(process, process.stdout)
    finally:
        _end(process)


def _begun(process: "subprocess.Popen[str]", told: IO[str]) -> Server:
    address = ""
    for line in told:
        happened = json.loads(line)
        address = happened.get("address", address)
        if happened["what"] == "way_in":
            Thread(target=_pass_over, args=(told,), daemon=True).start()
            return Server(process, address, happened["link"])
    raise subprocess.CalledProcessError(process.wait(), process.args)


def _pass_over(told: IO[str]) -> None:
    """Read what happens further, so that the server never waits for a reader."""
    with told:
        for _ in told:
            pass


def _end(process: "subprocess.Popen[str]") -> None:
    while process.poll() is None:
        process.send_signal(signal.SIGTERM)  # once more after Ctrl-C: it hurries
        try:
            process.wait()
        except KeyboardInterrupt:
            continue
