"""The audit's verification: each file against its line in RECORD."""

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from examples.environment_audit.verifying import (
    FilesDamaged,
    RecordedFile,
    RecordUnreadable,
    read_record,
    verify,
)
from tests.unit.examples.packages import hash_of, install


def test_intact_files_are_counted_with_their_bytes(tmp_path: Path) -> None:
    package = install(tmp_path, files={"sample/a.py": b"one", "sample/b.py": b"three"})
    result = verify(package)

    assert (2, 8) == (result.verified, result.bytes)


def test_a_name_with_a_comma_and_a_quote_is_one_name(tmp_path: Path) -> None:
    package = install(tmp_path, files={'sample/a, "quoted" one.py': b"x", "sample/b,c.py": b"y"})

    assert 2 == verify(package).verified


def test_a_name_in_korean_is_found(tmp_path: Path) -> None:
    package = install(tmp_path, files={"sample/모듈.py": b"x"})

    assert 1 == verify(package).verified


def test_a_changed_file_of_the_same_size_is_found_by_its_hash(tmp_path: Path) -> None:
    package = install(tmp_path, files={"sample/a.py": b"one", "sample/b.py": b"two"})
    (tmp_path / "sample/a.py").write_bytes(b"eno")

    with pytest.raises(FilesDamaged) as raised:
        verify(package)

    expected = "sample/a.py was changed: its sha256 differs (1 of 2 files are not as installed)"
    assert expected == str(raised.value)


def test_a_file_of_another_size_is_named_with_both_sizes(tmp_path: Path) -> None:
    package = install(tmp_path, files={"sample/a.py": b"x" * 1234})
    (tmp_path / "sample/a.py").write_bytes(b"xx")

    with pytest.raises(FilesDamaged, match=r"a\.py has 2 bytes instead of 1,234 "):
        verify(package)


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    package = install(tmp_path, files={"sample/a.py": b"one", "sample/b.py": b"two"})
    (tmp_path / "sample/b.py").unlink()

    with pytest.raises(FilesDamaged, match=r"sample/b\.py is missing "):
        verify(package)


def test_a_folder_in_the_place_of_a_file_is_not_read(tmp_path: Path) -> None:
    package = install(tmp_path, files={"sample/a.py": b"one"})
    (tmp_path / "sample/a.py").unlink()
    (tmp_path / "sample/a.py").mkdir()

    with pytest.raises(FilesDamaged, match=r"sample/a\.py is not a file "):
        verify(package)


def test_every_problem_is_counted_and_the_first_five_are_named(tmp_path: Path) -> None:
    names = [f"sample/{number}.py" for number in range(8)]
    package = install(tmp_path, files=dict.fromkeys(names, b"x"))
    for name in names[1:]:
        (tmp_path / name).unlink()

    with pytest.raises(FilesDamaged, match=r"5\.py is missing; and 2 more \(7 of 8 files"):
        verify(package)


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512", "blake2b"])
def test_each_trusted_algorithm_is_compared(tmp_path: Path, algorithm: str) -> None:
    line = f"sample/a.py,{hash_of(b'one', algorithm)},3\n"
    package = install(tmp_path, files={"sample/a.py": b"one"}, record=line)
    intact = verify(package)
    (tmp_path / "sample/a.py").write_bytes(b"two")

    assert 1 == intact.verified
    with pytest.raises(FilesDamaged, match=rf"its {algorithm} differs"):
        verify(package)


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "crc32"])
def test_a_hash_that_proves_nothing_is_named_and_not_compared(
    tmp_path: Path, algorithm: str
) -> None:
    line = f"sample/a.py,{algorithm}=AAAA,3\n"
    package = install(tmp_path, files={"sample/a.py": b"one"}, record=line)
    result = verify(package)

    assert (0, [f"sample/a.py ({algorithm})"]) == (result.verified, result.untrusted)


def test_a_hash_in_hexadecimal_digits_is_compared_too(tmp_path: Path) -> None:
    line = f"sample/a.py,sha256={hashlib.sha256(b'one').hexdigest()},3\n"
    package = install(tmp_path, files={"sample/a.py": b"one"}, record=line)

    assert 1 == verify(package).verified


def test_files_without_a_hash_are_skipped_and_counted(tmp_path: Path) -> None:
    record = "sample/a.py,,\nsample/__pycache__/a.cpython-311.pyc,sha256=AAAA,9\nx/RECORD,,\n"
    package = install(tmp_path, record=record)

    assert Counter({"no hash": 2, "compiled": 1}) == verify(package).skipped


def test_a_package_without_a_record_is_not_damaged(tmp_path: Path) -> None:
    result = verify(install(tmp_path, record=None))

    assert (False, 0) == (result.has_record, result.verified)


@pytest.mark.parametrize(
    ("origin", "editable"),
    [
        ('{"url": "file:///src", "dir_info": {"editable": true}}', True),
        ('{"url": "file:///src", "dir_info": {}}', False),
        ('{"url": "https://example.org/a.whl", "archive_info": {}}', False),
        ("[]", False),
        ("no JSON", False),
    ],
)
def test_an_editable_install_is_recognised(tmp_path: Path, origin: str, editable: bool) -> None:
    package = install(tmp_path, files={"sample.pth": b"/src"})
    (package.info / "direct_url.json").write_text(origin)

    assert editable == verify(package).editable


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("a.py,sha256=AAAA,3\nb.py,sha256=AAAA\n", "line 2: 2 columns instead of 3"),
        ("a.py,sha256=AAAA,many\n", "line 1: the size 'many' is no number"),
        ("a.py,AAAA,3\n", "line 1: the hash 'AAAA' has no algorithm"),
        ('a.py,"sha256=AAAA,3\n', "line 1: unexpected end of data"),
    ],
)
def test_a_record_that_breaks_the_rules_is_told_with_its_line(record: str, reason: str) -> None:
    with pytest.raises(RecordUnreadable) as raised:
        list(read_record(record))

    assert f"RECORD {reason}" == str(raised.value)


def test_empty_lines_of_a_record_say_nothing() -> None:
    assert [RecordedFile("a.py", "sha256", "AAAA", 3)] == list(
        read_record("\na.py,SHA256=AAAA,3\n\n")
    )
