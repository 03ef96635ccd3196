"""The reference of payloads names every label and every bound, and its examples are true."""

import json
import re
from pathlib import Path

import pytest

from everyrun.domain import payloads
from everyrun.domain.payloads import capturing, registering, restore, walking
from everyrun.domain.payloads.restoring import FAITHFUL_LABELS
from tests.support.documentation import blocks

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "payloads.md").read_text("utf-8")
SOURCES = [path.read_text("utf-8") for path in Path(payloads.__file__).parent.glob("*.py")]

_LABELLED = re.compile(r"""(?:label\(|octets\(walk,|_unordered\(walk,|"\$type":)\s*"([\w.]+)\"""")
_RECORD = re.compile(r'^    \("__?\w+", "(\w+)"\),$', re.MULTILINE)
_FAITHFUL_ROW = re.compile(r"^\| `(\w+)` \| .* \| `(\{.*\})` \|$", re.MULTILINE)


def test_every_label_is_named() -> None:
    labels = {label for source in SOURCES for label in _LABELLED.findall(source)}
    labels |= {label for source in SOURCES for label in _RECORD.findall(source)}

    assert len(labels) > 30
    assert [] == sorted(label for label in labels if f"`{label}`" not in PAGE)


def test_every_faithful_label_has_an_example_that_comes_back() -> None:
    examples = {name: json.loads(example) for name, example in _FAITHFUL_ROW.findall(PAGE)}

    assert examples.keys() == FAITHFUL_LABELS
    assert list(examples) == [example["$type"] for example in examples.values()]
    assert [] == [name for name, example in examples.items() if restore(example) == example]
    assert list(examples.values()) == [
        payloads.Capturer().plain(restore(example)) for example in examples.values()
    ]


@pytest.mark.parametrize(
    "bound",
    [
        f"{capturing.DEFAULT_MAX_BYTES:,} bytes",
        f"{capturing.OVERSHOOT:,} bytes",
        f"{capturing.MESSAGE_BYTES:,} bytes",
        f"{capturing.TRACEBACK_BYTES:,} bytes",
        f"{registering.CEILING:,} spellings",
        f"Below {walking.DEEPEST} levels",
    ],
)
def test_every_bound_is_named(bound: str) -> None:
    assert bound in PAGE.replace("\n", " ")


def test_the_examples_run() -> None:
    examples = [block for block in blocks(PAGE) if block.language == "python"]
    for example in examples:
        exec(compile(example.text, "payloads.md", "exec"), {})

    assert 2 == len(examples)


def test_the_keys_of_the_tables_are_judged_as_the_page_says() -> None:
    hidden, shown = PAGE.split("| hidden | |")[1].split("| shown all the same | |")
    shown = shown.split("**By value.**")[0]
    whole = re.compile(r"`([^` …]+)`")
    redactor = payloads.Redactor()
    parts = {"tokens", "key", "access", "refresh", "auth", "api", "session", "private", "master"}
    parts |= {"encryption", "signing", "account", "ssh", "shared", "storage"}

    assert [] == [
        key for key in whole.findall(hidden) if key not in parts and not redactor.is_sensitive(key)
    ]
    assert [] == [key for key in whole.findall(shown) if redactor.is_sensitive(key)]
