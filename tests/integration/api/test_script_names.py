"""A script is recorded whatever its file is called."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = b"""
import json, everyrun
from everyrun.tracking import recording

@everyrun.workflow
def job() -> None:
    everyrun.log.info("hi")

job()
recorder = recording.current()
print(json.dumps([recorder.swallowed, recorder.dropped, recorder.flush(30)]))
"""


@pytest.mark.parametrize("name", [b"it's 'quoted'.py", "밤 작업.py".encode(), b"\xb9\xe3 \xff.py"])
def test_a_script_is_recorded_whatever_its_file_is_called(tmp_path: Path, name: bytes) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - a name of bytes
    Path(os.fsdecode(path)).write_bytes(PROGRAM)

    answer = subprocess.run([sys.executable, path], capture_output=True, check=True)

    assert b"" == answer.stderr
    assert [0, 0, True] == json.loads(answer.stdout)
