"""Every status has its word at every border, and every word its status."""

import re
from pathlib import Path

import pytest

from everyrun.domain.status import SETTLED, Status
from everyrun.server.contract.words import (
    NODE_WORDS,
    PROCESS_WORDS,
    SCRIPT_WORDS,
    status_told,
    statuses_of,
)

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "seed-endpoints.md"


@pytest.mark.parametrize("words", [NODE_WORDS, SCRIPT_WORDS, PROCESS_WORDS])
def test_every_status_has_a_word(words: dict[Status, str]) -> None:
    assert set(Status) == set(words)


@pytest.mark.parametrize("words", [NODE_WORDS, SCRIPT_WORDS, PROCESS_WORDS])
def test_a_word_that_is_told_back_means_what_it_was_said_of(words: dict[Status, str]) -> None:
    for status in (Status.RUNNING, Status.COMPLETED, Status.FAILED):
        assert status == status_told(words[status]) == status_told(words[status].title())


@pytest.mark.parametrize("word", ["", "pending", "done", "\0", "실행 중"])
def test_what_is_no_word_means_nothing(word: str) -> None:
    assert status_told(word) is None
    assert statuses_of(word) is None


def test_a_filter_takes_all_that_is_told_by_its_word() -> None:
    for word in ("running", "completed", "failed"):
        for status in statuses_of(word) or ():
            assert word == NODE_WORDS[Status(status)]
    assert SETTLED | {Status.LOST} == {Status(status) for status in statuses_of("settled") or ()}


def test_the_reference_says_the_same() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \| `(\w+)` \|$", PAGE.read_text(), re.MULTILINE)

    assert [status.value for status in Status] == sorted(
        (row[0] for row in rows), key=[status.value for status in Status].index
    )
    for name, node, _script, process in rows:
        assert process == PROCESS_WORDS[Status(name)]
        assert node in ("no log", f"`{NODE_WORDS[Status(name)]}`")
