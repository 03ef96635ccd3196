"""The reading benchmark asks questions that have answers. Its figures are no matter here."""

from benchmarks.reading import measure, table
from benchmarks.reading_questions.questions import all_groups
from benchmarks.reading_questions.samples import take_samples
from everyrun.store.database import Database
from tests.integration.reading.conftest import SIZE


def test_every_group_is_measured(history: Database) -> None:
    results = measure(history, runs=1, thorough=False)
    lines = table(results).splitlines()

    assert len(results) + 1 == len(lines)
    assert all(result.figures.p50 > 0 and result.ratio > 0 for result in results)
    assert all(result.figures.p50 <= result.figures.p99 <= result.figures.max for result in results)


def test_lists_are_asked_with_filters_that_find_some_and_some_in_vain(history: Database) -> None:
    with history.reading() as connection:
        samples = take_samples(connection)
        groups = {group.name: group for group in all_groups(samples, thorough=False)}
        pages = [question(connection) for question in groups["list, two filters"].questions]
        widest = groups["execution of 1,000 nodes"].questions[0](connection)
        (start, end) = (
            groups[name].questions[0](connection) for name in ("log tail, start", "log tail, end")
        )

    assert {True, False} == {bool(page.items) for page in pages}
    assert SIZE.nodes_of_the_widest == len(widest.nodes)
    assert [500, 500] == [len(start.lines), len(end.lines)]
    assert len(pages) > 20
