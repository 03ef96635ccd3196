"""Damaged copies: they fail their verification, and the installed packages stay as they are."""

from pathlib import Path

import pytest

from examples.environment_audit.distributions import find_packages
from examples.environment_audit.tampering import make_damaged_copies
from examples.environment_audit.verifying import FilesDamaged, verify
from tests.unit.examples.packages import install

MODULES = {"{0}/a.py": b"a = 1\n", "{0}/b.py": b"b = 2\n"}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with two packages that fit and two that do not."""
    folder = tmp_path / "site-packages"
    for name in ("first", "second"):
        install(folder, name, files={path.format(name): text for path, text in MODULES.items()})
    install(folder, "aaa-single", files={"single.py": b"x"})
    install(folder, "aaa-outside", files={"../bin/a.py": b"x", "../bin/b.py": b"x"})
    return folder


def test_one_copy_has_a_changed_file_and_the_other_lacks_one(
    installed: Path, tmp_path: Path
) -> None:
    changed, bereft = make_damaged_copies(installed, tmp_path / "copies")

    with pytest.raises(FilesDamaged, match=r"a\.py was changed: its sha256 differs \(1 of 2 "):
        verify(changed)
    with pytest.raises(FilesDamaged, match=r"a\.py is missing \(1 of 2 "):
        verify(bereft)


def test_the_copies_are_found_as_packages(installed: Path, tmp_path: Path) -> None:
    copies = make_damaged_copies(installed, tmp_path / "copies")

    assert (list(copies), []) == find_packages([tmp_path / "copies"])


def test_the_installed_packages_stay_whole(installed: Path, tmp_path: Path) -> None:
    make_damaged_copies(installed, tmp_path / "copies")

    assert [2, 2] == [
        verify(package).verified
        for package in find_packages([installed])[0]
        if package.name in {"first", "second"}
    ]


def test_without_two_that_fit_it_says_so(tmp_path: Path) -> None:
    install(tmp_path / "single", files={"single.py": b"x"})

    with pytest.raises(LookupError, match="no two small packages"):
        make_damaged_copies(tmp_path / "single", tmp_path / "copies")
