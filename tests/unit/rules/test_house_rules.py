"""Conventions are checks with a reason, or only wishes."""

from pathlib import Path, PurePosixPath

import pytest

from tests.unit.rules.house_rules import RULES, Rule

ROOT = Path(__file__).resolve().parents[3]

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name.replace(" ", "-"))


def _python_files() -> list[PurePosixPath]:
    folders = {folder for rule in RULES for folder in rule.folders}
    return sorted(
        PurePosixPath(path.relative_to(ROOT).as_posix())
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
    )


@each_rule
def test_the_house_keeps_its_rule(rule: Rule) -> None:
    breaches = [
        f"{path}:{breach}"
        for path in _python_files()
        if rule.covers(path)
        for breach in rule.breaches((ROOT / path).read_text(encoding="utf-8"))
    ]

    assert [] == breaches, f"{rule.name}: {rule.reason}"


@each_rule
def test_a_rule_passes_what_it_allows(rule: Rule) -> None:
    assert [] == rule.breaches(rule.allowed)


@each_rule
def test_a_rule_finds_what_it_forbids(rule: Rule) -> None:
    assert 1 == len(rule.breaches(rule.forbidden))


@each_rule
def test_a_breach_with_its_reason_beside_it_is_allowed(rule: Rule) -> None:
    lines = rule.forbidden.splitlines()
    number = int(rule.breaches(rule.forbidden)[0].partition(":")[0])
    lines[number - 1] += "  # allowed: the example needs it"

    assert [] == rule.breaches("\n".join(lines))


@each_rule
def test_a_rule_covers_some_files(rule: Rule) -> None:
    assert any(rule.covers(path) for path in _python_files())


def test_an_exception_to_a_rule_is_not_covered() -> None:
    (rule,) = [rule for rule in RULES if rule.name == "what is public says what it is"]

    assert (True, False) == (
        rule.covers(PurePosixPath("src/everyrun/store/database.py")),
        rule.covers(PurePosixPath("src/everyrun/store/migrations/env.py")),
    )
