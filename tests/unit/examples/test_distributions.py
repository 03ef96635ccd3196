"""Finding installed packages."""

from pathlib import Path

import pytest

from examples.environment_audit.distributions import Unreadable, find_packages, site_folders
from tests.unit.examples.packages import install


def test_packages_of_all_folders_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    beta = install(tmp_path / "one", "Beta", "2.0")
    alpha = install(tmp_path / "two", "alpha", "1.0")
    found, unreadable = find_packages([tmp_path / "one", tmp_path / "two"])

    assert ([alpha, beta], []) == (found, unreadable)


def test_an_egg_info_file_is_a_package_too(tmp_path: Path) -> None:
    (tmp_path / "old-0.1.egg-info").write_text("Metadata-Version: 1.1\nName: old\nVersion: 0.1\n")
    ((found,), _) = find_packages([tmp_path])

    assert ("old 0.1", None) == (found.title, found.text("RECORD"))


def test_a_folder_that_names_no_package_is_told(tmp_path: Path) -> None:
    info = tmp_path / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Summary: nothing\n")
    found, unreadable = find_packages([tmp_path])

    assert [] == found
    assert [Unreadable(info, "it does not say its name and version")] == unreadable


def test_metadata_that_is_no_text_is_told(tmp_path: Path) -> None:
    info = tmp_path / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_bytes(b"Name: caf\xe9\nVersion: 1\n")
    found, (unreadable,) = find_packages([tmp_path])

    assert ([], info) == (found, unreadable.info)
    assert "can't decode" in unreadable.reason


def test_a_folder_given_twice_is_searched_once(tmp_path: Path) -> None:
    (tmp_path / "site-packages").mkdir()
    twice = [tmp_path / "site-packages", tmp_path / "x" / ".." / "site-packages"]
    (tmp_path / "x").mkdir()

    assert 1 == site_folders(twice).count(tmp_path / "site-packages")


def test_the_folders_of_this_python_are_searched() -> None:
    assert Path(pytest.__file__).resolve().parents[1] in site_folders()


def test_a_folder_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    assert tmp_path / "nowhere" not in site_folders([tmp_path / "nowhere"])
