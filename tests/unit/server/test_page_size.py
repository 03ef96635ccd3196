"""How much of the page a browser needs before it shows something."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from everyrun.server.pages.built import FOLDER, PACKED

MOST_BYTES = 350_000
"""JavaScript of a first view, as it is sent: packed by gzip."""
SHELL = "index.html"
HEAVY = frozenset({"src/pages/editor/Editor.tsx"})
"""What nobody comes in by; it may be larger by an editor of text."""

MANIFEST = FOLDER / "manifest.json"
pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="the page has not been built")


def needed(manifest: dict[str, Any], *names: str) -> set[str]:
    """The files that these parts need at once, without what is loaded later."""

    def follow(name: str) -> Iterator[str]:
        yield manifest[name]["file"]
        for each in manifest[name].get("imports", ()):
            yield from follow(each)

    return {file for name in names for file in follow(name) if file.endswith(".js")}


def packed_size(files: set[str], folder: Path = FOLDER) -> int:
    """Bytes on their way."""
    return sum((folder / f"{file}{PACKED}").stat().st_size for file in files)


def test_a_first_view_needs_little_javascript() -> None:
    manifest = json.loads(MANIFEST.read_text())
    pages = [
        name
        for name, part in manifest.items()
        if part.get("isDynamicEntry") and name.startswith("src/pages/") and name not in HEAVY
    ]
    sizes = {page: packed_size(needed(manifest, SHELL, page)) for page in pages}

    assert len(pages) >= 5
    assert {} == {page: size for page, size in sizes.items() if size > MOST_BYTES}
