"""Packages made up for the tests of the environment audit."""

import base64
import csv
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

from examples.environment_audit.distributions import Package


def hash_of(content: bytes, algorithm: str = "sha256") -> str:
    """The content's hash as RECORD writes it."""
    digest = hashlib.new(algorithm, content).digest()
    return f"{algorithm}={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def install(
    folder: Path,
    name: str = "sample",
    version: str = "1.0",
    *,
    files: Mapping[str, bytes] | None = None,
    metadata: str = "",
    record: str | None = "",
) -> Package:
    """Lay a package down in a folder with a true RECORD, or the one given; None leaves it out."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    described = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}"
    (info / "METADATA").write_text(described, encoding="utf-8")
    contents = dict(files or {})
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    if record is not None:
        (info / "RECORD").write_text(record or true_record(contents, info), encoding="utf-8")
    return Package(name, version, info)


def true_record(contents: Mapping[str, bytes], info: Path) -> str:
    """The RECORD of these files, as an installer writes it."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for path, content in contents.items():
        writer.writerow([path, hash_of(content), len(content)])
    writer.writerow([f"{info.name}/RECORD", "", ""])
    return lines.getvalue()
