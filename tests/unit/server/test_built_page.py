"""The built page as the server holds it."""

import re
from pathlib import Path

from everyrun.server.pages.built import BuiltPage, built_page
from everyrun.server.routes.pages import PAGES

ROOT = Path(__file__).parents[3]


def build(folder: Path) -> Path:
    assets = folder / "assets"
    assets.mkdir()
    (folder / "index.html").write_text('<script src="./assets/main-1a.js"></script>')
    (assets / "main-1a.js").write_bytes(b"let page;")
    (assets / "main-1a.js.gz").write_bytes(b"packed")
    (assets / "notes.exe").write_bytes(b"")
    return folder


def test_files_are_found_by_name_with_what_they_are_packed(tmp_path: Path) -> None:
    page = BuiltPage(build(tmp_path))

    assert {"main-1a.js"} == set(page.assets)
    assert b"packed" == page.assets["main-1a.js"].packed
    assert "text/javascript; charset=utf-8" == page.assets["main-1a.js"].media_type


def test_assets_are_named_relative_to_the_address_asked_for(tmp_path: Path) -> None:
    page = BuiltPage(build(tmp_path))

    assert '"./assets/' in page.index_at(0)
    assert '"../../assets/' in page.index_at(2)


def test_without_an_index_there_is_no_page(tmp_path: Path) -> None:
    assert built_page(tmp_path) is None


def test_the_server_knows_every_address_that_the_page_has() -> None:
    router = (ROOT / "web" / "src" / "router.tsx").read_text(encoding="utf-8")
    first_words = set(re.findall(r'path: "/(\w+)', router))

    assert first_words <= set(PAGES)
