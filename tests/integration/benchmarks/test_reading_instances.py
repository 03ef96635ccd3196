"""Files of WfCommons instances, plain and compressed."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.wfcommons import FOLDER_SETTING, instance_files, instances_folder, read_instance

CONTENT = {
    "workflow": {
        "specification": {"tasks": [{"id": "a", "name": "a", "parents": [], "children": []}]},
        "execution": {"tasks": [{"id": "a", "runtimeInSeconds": 2}]},
    }
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a compressed and a plain file."""
    content = json.dumps(CONTENT).encode()
    (tmp_path / "plain-1.json").write_bytes(content + b" " * 1_000)
    (tmp_path / "small-1.json.gz").write_bytes(gzip.compress(content))
    monkeypatch.setenv(FOLDER_SETTING, str(tmp_path))
    return tmp_path


def test_plain_and_compressed_files_are_read_the_smallest_first(folder: Path) -> None:
    files = instance_files(instances_folder())

    assert ["small-1.json.gz", "plain-1.json"] == [file.name for file in files]
    assert ["small", "plain"] == [read_instance(file).name for file in files]
    assert {"a": 2.0} == read_instance(files[0]).seconds


def test_a_file_of_another_kind_says_so(folder: Path) -> None:
    path = folder / "other.json"
    path.write_text("{}")

    with pytest.raises(ValueError, match=r"other\.json is not WfCommons"):
        read_instance(path)
