"""How a run ended, in words and as a document."""

from everyrun.cli.live.ending import FAILURES_NAMED, OUTPUT_SHOWN, ending_lines, report_of
from everyrun.domain import events
from everyrun.domain.status import Status
from tests.unit.cli.live.telling import RUN, Teller


def ended(told: Teller, status: Status, **values: object) -> Teller:
    return told.tell(events.ExecutionFinished, 3.4, status=status, **values)


def lines(told: Teller, reason: str | None = None) -> list[str]:
    return ["".join(text for text, _style in line) for line in ending_lines(told.tree, reason)]


def test_a_run_that_went_well_is_one_line_and_its_output() -> None:
    told = Teller("a").tell(events.ExecutionStarted, 0).begin("a", 0).end("a", 1, began=0)

    assert [
        f"✔ report completed  3.4 s  1 node (1 completed)  {RUN}",
        '  output: {"rows":3}',
    ] == lines(ended(told, Status.COMPLETED, output={"rows": 3}))


def test_each_failed_node_has_a_line_with_its_error() -> None:
    told = Teller("a", "b", "c").tell(events.ExecutionStarted, 0)
    told.begin("a", 0).fail("a", 1, "no amount\nin row 7", attempt=3)
    told.fail("b", 1, "no", iteration="2").end("c", 1, Status.SKIPPED)

    assert [
        f"✘ report failed  3.4 s  4 nodes (2 failed, 1 skipped)  {RUN}",
        "  ✘ a ×3  ValueError: no amount",
        "  ✘ b[2]  ValueError: no",
    ] == lines(ended(told, Status.FAILED, error_message="a failed"))


def test_very_many_failures_are_counted() -> None:
    told = Teller()
    for number in range(FAILURES_NAMED + 5):
        told.fail(f"n{number}", 1, "no")

    assert "  … and 5 more" == lines(ended(told, Status.FAILED))[-1]


def test_what_failed_without_a_failed_node_says_why() -> None:
    told = Teller().tell(events.ExecutionStarted, 0)
    ended(told, Status.FAILED, error_type="TimeoutError", error_message="did not end in time")

    assert [
        f"✘ report failed  3.4 s  {RUN}",
        "  TimeoutError: did not end in time",
    ] == lines(told)


def test_a_run_that_was_not_begun_says_why() -> None:
    told = Teller("a")
    told.tree.status = Status.SKIPPED

    assert [f"↷ report skipped  {RUN}", "  another one runs"] == lines(told, "another one runs")


def test_a_long_output_is_cut() -> None:
    (_line, output) = lines(ended(Teller(), Status.COMPLETED, output="x" * 1_000))

    assert len("  output: ") + OUTPUT_SHOWN + 1 == len(output)
    assert output.endswith("…")


def test_programs_get_all_of_it() -> None:
    told = Teller("a", "b").tell(events.ExecutionStarted, 0)
    told.fail("a", 1, "no amount", attempt=2).end("b", 1, Status.SKIPPED)
    report = report_of(ended(told, Status.FAILED).tree, 7, None)
    (failed,) = report.failed

    assert (RUN, "report", 7, "failed", 3.4) == (
        report.id,
        report.workflow,
        report.version,
        report.status,
        report.duration_seconds,
    )
    assert {"failed": 1, "skipped": 1} == report.nodes
    assert ("a", 2, "ValueError: no amount") == (failed.node, failed.attempts, failed.error)
