"""The catalogue is whole, in both languages, and says nothing that nobody asks for."""

import ast
import string
from inspect import ismodule
from pathlib import Path

import pytest

import everyrun.cli
import everyrun.cli.sentences
from everyrun.cli.messages import sentence_for, speaks_korean
from everyrun.cli.sentences import SENTENCES
from everyrun.domain.errors import LedgerNotMigrated, NotOnRecord, SinkUnavailable
from everyrun.domain.status import Status
from everyrun.store.schema import SchemaState

FOLDER = Path(everyrun.cli.__file__).parent


def _gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _words_in_code() -> set[str]:
    return {
        node.value
        for path in FOLDER.rglob("*.py")
        if path.parent.name != "sentences"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _asked_for_by_name() -> set[str]:
    return {
        node.args[0].value
        for path in FOLDER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "say"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_no_two_subjects_say_the_same_key() -> None:
    subjects = [
        value.SENTENCES
        for value in vars(everyrun.cli.sentences).values()
        if ismodule(value) and hasattr(value, "SENTENCES")
    ]

    assert len(SENTENCES) == sum(len(subject) for subject in subjects)


@pytest.mark.parametrize("key", SENTENCES)
def test_both_languages_fill_the_same_gaps(key: str) -> None:
    sentence = SENTENCES[key]

    assert _gaps(sentence.english) == _gaps(sentence.korean)


def test_every_sentence_that_is_asked_for_is_in_the_catalogue() -> None:
    assert set() == _asked_for_by_name() - set(SENTENCES)


def test_every_sentence_of_the_catalogue_is_used() -> None:
    made = {f"status_{status}" for status in Status}
    made |= {f"schema_{state.name.lower()}" for state in SchemaState}
    made |= {f"check_{part}" for part in ("schema", "counters", "integrity")}
    made |= {f"h_{name}" for name in ("seconds", "failed")}
    made |= {"since_moment", "until_moment"}
    made |= {f"switched_{state}" for state in ("on", "off", "deleted")}
    made |= {f"state_{state}" for state in ("active", "paused", "over", "off")}
    made |= {f"state_{state}" for state in ("good", "revoked", "expired", "disabled")}
    made |= {f"fire_{o}" for o in ("started", "skipped", "missed", "coalesced", "backfilled")}
    made |= {"odd_skipped", "odd_repeated"}
    made |= {
        f"{quantity}_{noun}"
        for quantity in ("one", "many")
        for noun in ("execution", "event", "process", "node", "problem", "difference")
    }

    assert set() == set(SENTENCES) - _words_in_code() - made


@pytest.mark.parametrize(
    ("korean", "environment"),
    [
        (False, {}),
        (True, {"LANG": "ko_KR.UTF-8"}),
        (True, {"LANG": "en_US.UTF-8", "LC_ALL": "ko_KR.UTF-8"}),
        (False, {"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}),
        (True, {"LANG": "en_US.UTF-8", "LC_ALL": "C", "EVERYRUN_LANG": "ko"}),
        (False, {"LANG": "ko_KR.UTF-8", "EVERYRUN_LANG": "en"}),
        (True, {"LANG": "ko_KR.UTF-8", "LC_ALL": ""}),
        (False, {"LANG": "fr_FR.UTF-8"}),
    ],
)
def test_the_environment_chooses_the_language(korean: bool, environment: dict[str, str]) -> None:
    assert korean is speaks_korean(environment)


def test_an_error_is_one_line() -> None:
    assert "first second" == sentence_for(NotOnRecord("first\n  second"))


def test_an_unavailable_ledger_says_what_to_do_next() -> None:
    assert "check EVERYRUN_URL" in sentence_for(SinkUnavailable("refused"))


def test_an_old_schema_says_what_to_do_next() -> None:
    assert "everyrun db upgrade" in sentence_for(LedgerNotMigrated())
