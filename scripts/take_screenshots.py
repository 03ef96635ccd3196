"""Take pictures of every page from the real thing, and put the chosen few into the docs.

python -m scripts.take_screenshots FOLDER    # every page, light and dark, English and Korean,
                                             # 1440 and 390 pixels wide, into FOLDER
python -m scripts.take_screenshots           # the same, elsewhere, then the chosen into docs/images

Needs Chromium and fonts with Hangul (Debian: chromium, fonts-noto-cjk).
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.build_web import ROOT, browse

IMAGES = ROOT / "docs" / "images"
CHOSEN = {
    "page-dashboard": "dashboard-light-en-1440",
    "page-graph": "graph-dark-en-1440",
    "page-timeline": "timeline-light-ko-1440",
    "page-logs": "log-dark-ko-390",
    "page-schedule": "schedule-light-en-1440",
    "page-failures": "failures-dark-ko-1440",
}
"""Names in the docs -> names of pictures."""


def take(folder: Path) -> None:
    """All pictures, as PNG files. Raises ``CalledProcessError`` where a page does not come."""
    os.environ["EVERYRUN_TEST_PICTURES"] = str(folder.resolve())
    browse(["tests/pictures.spec.ts"])


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for."""
    match list(arguments):
        case []:
            with tempfile.TemporaryDirectory() as folder:
                take(Path(folder))
                for name, picture in CHOSEN.items():
                    shutil.copyfile(Path(folder) / f"{picture}.png", IMAGES / f"{name}.png")
        case [folder]:
            take(Path(folder))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
