"""Checking that what a package requires lies beside it."""

from pathlib import Path

import pytest

from examples.environment_audit.dependencies import (
    DependencyCheck,
    Installed,
    check_dependencies,
)
from tests.unit.examples.packages import install


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("other-lib>=1.0", DependencyCheck(1, ())),
        ("Other_Lib", DependencyCheck(1, ())),
        ("other.lib>=2", DependencyCheck(1, ("other.lib 1.5rc1 is installed, >=2 is required",))),
        ("absent", DependencyCheck(1, ("absent is not installed",))),
        ("absent; extra == 'more'", DependencyCheck(0, ())),
        ("absent; sys_platform == 'win32'", DependencyCheck(0, ())),
        ("other-lib @ https://example.org/other.whl", DependencyCheck(1, ())),
        ("not a requirement!", DependencyCheck(0, ("'not a requirement!' is no requirement",))),
    ],
)
def test_a_requirement_is_compared_with_what_is_installed(
    tmp_path: Path, requirement: str, expected: DependencyCheck
) -> None:
    package = install(tmp_path, metadata=f"Requires-Dist: {requirement}\n")

    assert expected == check_dependencies(package, {"other-lib": "1.5rc1"})


def test_a_version_that_is_none_is_told(tmp_path: Path) -> None:
    package = install(tmp_path, metadata="Requires-Dist: old>=1\n")
    (complaint,) = check_dependencies(package, {"old": "yesterday"}).unmet

    assert "old has the version 'yesterday', which cannot be compared" == complaint


def test_the_folder_tells_which_python_a_marker_is_about(tmp_path: Path) -> None:
    metadata = "Requires-Dist: backport; python_version < '3.7'\n"
    old = install(tmp_path / "python3.6/site-packages", metadata=metadata)
    new = install(tmp_path / "python3.13/site-packages", metadata=metadata)

    assert (1, 0) == (
        check_dependencies(old, {}).required,
        check_dependencies(new, {}).required,
    )


def test_only_what_lies_in_the_same_environment_counts(tmp_path: Path) -> None:
    one = install(tmp_path / "one/site-packages", "one")
    two = install(tmp_path / "two/site-packages", "two")

    assert {"one": "1.0"} == Installed([one, two]).beside(one)


def test_debian_reads_its_folders_as_one_environment(tmp_path: Path) -> None:
    own = install(tmp_path / "usr/lib/python3/dist-packages", "own")
    local = install(tmp_path / "usr/local/lib/python3.11/dist-packages", "local")

    assert {"own": "1.0", "local": "1.0"} == Installed([own, local]).beside(local)
