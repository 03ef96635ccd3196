"""The audit's steps as a graph takes them: plain JSON in, plain JSON out."""

import json
from pathlib import Path
from typing import Any

import pytest

from examples.environment_audit import steps
from examples.environment_audit.verifying import FilesDamaged
from tests.unit.examples.packages import install


def through_json(value: Any) -> Any:
    """What the next node is given: the value after a stay on record."""
    return json.loads(json.dumps(value))


def finding_of(package: Any, folders: list[str]) -> Any:
    """What the loop's body makes of one package."""
    try:
        verification, damage = steps.verify_files(package), None
    except FilesDamaged as error:
        verification, damage = None, str(error)
    return through_json(
        {
            "package": package,
            "licence": steps.read_licence(package),
            "dependencies": steps.check_dependencies(package, folders),
            "verification": verification,
            "damage": damage,
        }
    )


@pytest.fixture
def found(tmp_path: Path) -> Any:
    """An intact package, one that lacks another, and a damaged one."""
    folder = tmp_path / "site-packages"
    install(folder, "good", metadata="License: MIT\n", files={"good.py": b"x"})
    install(folder, "needy", metadata="License: MIT\nRequires-Dist: absent\n")
    install(folder, "spoilt", metadata="License: MIT\n", files={"spoilt.py": b"x"})
    (folder / "spoilt.py").write_bytes(b"y")
    return through_json(steps.find([str(folder)], only=True, staged=None))


def test_packages_are_found_in_the_named_folders_alone(found: Any, tmp_path: Path) -> None:
    assert ["good", "needy", "spoilt"] == [package["name"] for package in found["packages"]]
    assert [str(tmp_path / "site-packages")] == found["folders"]
    assert [] == found["staged"]


def test_staged_copies_are_audited_too(tmp_path: Path) -> None:
    install(tmp_path / "staged")
    found = steps.find([], only=True, staged=str(tmp_path / "staged"))

    assert ["sample"] == [package["name"] for package in found["packages"]]
    assert [str(tmp_path / "staged")] == found["staged"]


def test_a_damaged_package_fails_its_step(found: Any) -> None:
    with pytest.raises(FilesDamaged, match=r"spoilt\.py was changed"):
        steps.verify_files(found["packages"][2])


def test_findings_are_counted_and_reported(found: Any, tmp_path: Path) -> None:
    findings = [finding_of(package, found["folders"]) for package in found["packages"]]
    summed = through_json(steps.put_together(findings, found))
    page = Path(steps.write_report_page(summed["audit"], str(tmp_path / "out")))
    spreadsheet = Path(steps.write_report_spreadsheet(summed["audit"], str(tmp_path / "out")))

    assert (3, 1, 1) == (summed["packages"], summed["files"], summed["with_warnings"])
    assert ["spoilt 1.0"] == [each["package"] for each in summed["damaged"]]
    assert "spoilt.py was changed" in summed["damaged"][0]["damage"]
    assert "absent is not installed" in page.read_text(encoding="utf-8")
    assert spreadsheet.stat().st_size > 0


def test_a_rehearsal_is_staged_and_removed() -> None:
    folder = Path(steps.stage_damage())
    staged = len(list(folder.glob("*.dist-info")))
    steps.remove(str(folder))

    assert 2 == staged
    assert not folder.exists()
