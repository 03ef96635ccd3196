"""The judge of the campaign that kills engines: it must see what a wrong engine would do."""

from dataclasses import replace

from benchmarks.engine_campaign.doing import BEGAN, ENDED
from benchmarks.engine_campaign.judging import Kill, Mark, Record, Verdict, judge

PARENTS = {"a": (), "b": ("a",)}
MARKS = [
    Mark(BEGAN, "a", 1),
    Mark(ENDED, "a", 1),
    Mark(BEGAN, "b", 1),
    Mark(BEGAN, "b", 2),
    Mark(ENDED, "b", 2),
]
KILLS = [Kill(3, frozenset({"a"}))]
RECORD = Record("completed", {"a": {1: "completed"}, "b": {1: "lost", 2: "completed"}})


def test_a_true_record_has_no_problems() -> None:
    assert Verdict(starts=3, repeated=1) == judge(RECORD, MARKS, KILLS, PARENTS)


def test_an_attempt_that_was_lost_before_its_first_mark_is_counted() -> None:
    marks = [mark for mark in MARKS if mark != Mark(BEGAN, "b", 1)]
    verdict = judge(RECORD, marks, [Kill(2, frozenset({"a"}))], PARENTS)

    assert Verdict(starts=2, repeated=1, unmarked=1) == verdict


def test_a_node_that_had_an_outcome_and_began_again_is_told() -> None:
    verdict = judge(RECORD, MARKS, [Kill(2, frozenset({"a", "b"}))], PARENTS)

    assert ["b had an outcome on record and began again"] * 2 == verdict.problems


def test_a_start_without_an_attempt_on_record_is_told() -> None:
    record = Record("completed", {"a": {1: "completed"}, "b": {1: "completed"}})
    problems = judge(record, MARKS, KILLS, PARENTS).problems

    assert "Mark(what='began', key='b', attempt=2) has no attempt on record" in problems


def test_the_same_attempt_twice_is_told() -> None:
    marks = [*MARKS[:3], Mark(BEGAN, "b", 2), *MARKS[3:]]
    problems = judge(RECORD, marks, KILLS, PARENTS).problems

    assert "Mark(what='began', key='b', attempt=2) is there 2 times" in problems


def test_an_outcome_without_its_mark_is_told() -> None:
    problems = judge(RECORD, MARKS[:-1], KILLS, PARENTS).problems

    assert ["b is completed in attempt 2, begun 1, ended 0 times"] == problems


def test_an_attempt_that_was_cut_off_must_be_lost() -> None:
    attempts = {**RECORD.attempts, "b": {1: "failed", 2: "completed"}}
    problems = judge(RECORD._replace(attempts=attempts), MARKS, KILLS, PARENTS).problems

    assert ["b was failed in attempt 1 and went on"] == problems


def test_a_node_before_one_that_it_needs_is_told() -> None:
    marks = [MARKS[0], MARKS[2], MARKS[1], *MARKS[3:]]
    problems = judge(RECORD, marks, [], PARENTS).problems

    assert ["b began before a had ended"] == problems


def test_an_execution_that_did_not_complete_is_told() -> None:
    record = Record("lost", {"a": {1: "completed"}})
    problems = judge(record, MARKS[:2], [], PARENTS).problems

    assert ["the execution is lost", "b has the attempts []"] == problems


def test_verdicts_add_up() -> None:
    total = Verdict(starts=3, repeated=1, problems=["one"])
    total.add(replace(total, unmarked=2, problems=["two"]))

    assert Verdict(starts=6, repeated=2, unmarked=2, problems=["one", "two"]) == total
