"""Take pictures of every page from the real thing, for the docs or to look at.

python -m scripts.take_screenshots FOLDER    # every page, light and dark, English and Korean,
                                             # 1440 and 390 pixels wide, into FOLDER
python -m scripts.take_screenshots           # those of the docs, into docs/images/pages

Needs Chromium and fonts with Hangul (Debian: chromium, fonts-noto-cjk).
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from scripts.build_web import ROOT, browse
from scripts.page_reference import pictures

IMAGES = ROOT / "docs" / "images" / "pages"


def take(folder: Path, wanted: Collection[str] = ()) -> None:
    """The pictures of these names, or all, as PNG files.

    Raises ``CalledProcessError`` where a page does not come.
    """
    os.environ["EVERYRUN_TEST_PICTURES"] = str(folder.resolve())
    os.environ["EVERYRUN_TEST_PICTURES_OF"] = ",".join(wanted)
    browse(["tests/pictures.spec.ts"])


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for."""
    match list(arguments):
        case []:
            with tempfile.TemporaryDirectory() as folder:
                wanted = [each for _name, both in pictures() for each in both]
                take(Path(folder), wanted)
                taken = [Path(folder) / f"{each}.png" for each in wanted]
                shutil.rmtree(IMAGES, ignore_errors=True)
                IMAGES.mkdir()
                for picture in taken:
                    shutil.copy(picture, IMAGES)
        case [folder]:
            take(Path(folder))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
