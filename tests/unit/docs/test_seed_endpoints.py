"""The table of the seeds' lines is complete, and says the truth about endpoints and tests."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from everyrun.server.contract import ALL

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "seed-endpoints.md"
TESTS = ROOT / "tests" / "contract" / "server" / "seeds"
LINES = {
    *(f"R0.{number}" for number in range(1, 14)),
    *(f"R1.{number}" for number in range(1, 12)),
    *(f"R3.{number}" for number in range(1, 10)),
    *(f"R4.{number}" for number in range(9, 12)),
}
_ROW = re.compile(r"\| (R\d+\.\d+) \| [^|]+ \| ([^|]+) \| `(test_\w+)` \|")


def _rows() -> list[tuple[str, str, str]]:
    return _ROW.findall(PAGE.read_text())


def test_every_line_is_in_the_table_once() -> None:
    lines = [line for line, _endpoint, _test in _rows()]

    assert LINES == set(lines)
    assert len(LINES) == len(lines)


@pytest.mark.parametrize(("line", "named"), [(line, test) for line, _, test in _rows()])
def test_every_line_has_a_test_that_is_named_by_it(line: str, named: str) -> None:
    written = "".join(path.read_text() for path in sorted(TESTS.glob("test_*.py")))

    assert f"test_{line.lower().replace('.', '_')}_" == named
    assert re.search(rf"^def {named}\w+\(", written, re.MULTILINE)


def test_every_endpoint_of_the_seeds_is_on_the_page() -> None:
    page = PAGE.read_text()
    paths: set[str] = {
        route.path
        for routes in ALL
        for route in routes.router.routes
        if isinstance(route, APIRoute)
    }

    assert set() == {path for path in paths if not _is_told(page, path)}


def _is_told(page: str, path: str) -> bool:
    """Whether a path stands on the page, its parameters whatever they are called."""
    pattern = re.sub(r"\\\{\w+\\\}", r"\\{\\w+\\}", re.escape(path))
    return re.search(pattern + r"\b|" + pattern, page) is not None
