"""The code in the README and in the tutorials does what the page says."""

from pathlib import Path

import pytest

from tests.support.documentation import Reader, blocks

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs/tutorial").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_can_be_followed(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path, tmp_path / "home")

    assert [] == reader.follow(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_code_to_follow(page: Path) -> None:
    languages = {block.language for block in blocks(page.read_text(encoding="utf-8"))}

    assert {"python", "console"} <= languages
