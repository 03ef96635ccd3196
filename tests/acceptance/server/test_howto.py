"""The how-tos about servers can be followed, each against a server process of its own."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.documentation import Reader

HOWTOS = Path(__file__).resolve().parents[3] / "docs/howto"
PATIENCE = 60


@contextmanager
def serving(home: Path, token: str) -> Iterator[str]:
    """``everyrun serve`` over a ledger of its own; answers its address once it listens."""
    environment = {**os.environ, "EVERYRUN_HOME": str(home), "EVERYRUN_ADMIN_TOKEN": token}
    program = Path(sys.executable).with_name("everyrun")
    server = subprocess.Popen(
        [program, "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    try:
        said = iter(server.stdout.readline, "")
        found = next(at for line in said if (at := re.search(r"http://127\.0\.0\.1:\d+", line)))
        yield found[0]
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page is about curl")
def test_the_page_about_curl_can_be_followed(tmp_path: Path) -> None:
    token = secrets.token_hex(32)
    (tmp_path / "token.txt").write_text(f"Authorization: Bearer {token}\n")
    with serving(tmp_path / "home", token) as address:
        reader = Reader(tmp_path, tmp_path / "home", {"SERVER": f"{address}/api/v1"})

        page = (HOWTOS / "run-on-a-server.md").read_text(encoding="utf-8")
        assert [] == reader.follow(page)


def test_the_page_about_python_can_be_followed(tmp_path: Path) -> None:
    token = secrets.token_hex(32)
    with serving(tmp_path / "served", token) as address:
        variables = {"EVERYRUN_URL": address, "EVERYRUN_TOKEN": token}
        reader = Reader(tmp_path, tmp_path / "home", variables)

        page = (HOWTOS / "use-a-server-from-python.md").read_text(encoding="utf-8")
        assert [] == reader.follow(page)
