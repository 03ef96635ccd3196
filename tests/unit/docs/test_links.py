"""Links in the pages lead somewhere, and every page can be reached."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def _linked_from(page: Path) -> list[Path]:
    text = page.read_text(encoding="utf-8")
    return [(page.parent / target).resolve() for target in LINK.findall(text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    assert [] == [target for target in _linked_from(page) if not target.exists()]


def test_every_page_of_the_documentation_can_be_reached_from_its_index() -> None:
    reached: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page.suffix == ".md" and page not in reached and page.exists():
            reached.add(page)
            waiting += _linked_from(page)

    assert [] == sorted(set(DOCS.rglob("*.md")) - reached)
