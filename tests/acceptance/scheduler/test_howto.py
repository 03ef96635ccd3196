"""The how-to about schedules can be followed."""

from pathlib import Path

from tests.support.documentation import Reader

PAGE = Path(__file__).resolve().parents[3] / "docs/howto/schedule-workflows.md"


def test_the_page_can_be_followed(tmp_path: Path) -> None:
    reader = Reader(tmp_path, tmp_path / "home")

    assert [] == reader.follow(PAGE.read_text(encoding="utf-8"))
