"""The page about the node types does what it says."""

from pathlib import Path

from tests.support.documentation import Reader

PAGE = Path(__file__).parents[2] / "docs/howto/use-node-types.md"


def test_the_page_can_be_followed(tmp_path: Path) -> None:
    reader = Reader(tmp_path, tmp_path / "home")

    assert [] == reader.follow(PAGE.read_text(encoding="utf-8"))
