"""The client against a real server: what is asked comes back as typed answers and errors."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from everyrun.client import Client, ServerError, ServerUnreachable, TokenRefused
from everyrun.domain.errors import (
    AmbiguousId,
    EveryrunError,
    InvalidCursor,
    NotOnRecord,
    StaleVersion,
)
from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.domain.schedule import Cron, ScheduleDefinition
from everyrun.domain.status import Status
from everyrun.domain.views.controlling import RerunMode
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.domain.views.schedules import BackfillRequest
from everyrun.store.database import Database
from everyrun.workflows.launching import WorkflowInactive
from tests.support.engines import Serving, serving_engine
from tests.support.facts import NOON, SECOND, Facts, tell
from tests.support.served import Served
from tests.support.waiting import wait_until

GREETS = """
workflow: greets/안녕
inputs: {name: {type: string, default: world}}
nodes:
  greet: {type: set, with: {values: {text: "hello {{ inputs.name }}"}}}
output: "{{ nodes.greet.output.text }}"
"""
NAME = "greets/안녕"
BREAKS = """
workflow: breaks
inputs: {code: {type: integer, default: 1}}
nodes:
  first: {type: set, with: {values: {}}}
  check: {needs: first, type: shell, with: {command: "exit {{ inputs.code }}"}}
"""
WAITS = """
workflow: waits
nodes:
  ask: {type: approval, with: {message: "go on?"}}
  hook: {needs: ask, type: wait, with: {signal: true}}
"""


@pytest.fixture
def client(served: Served) -> Iterator[Client]:
    """The client of an administrator."""
    with Client(served.url, token=served.token(Role.ADMIN)) as client:
        yield client


@pytest.fixture
def engine(served: Served) -> Iterator[Serving]:
    """An engine that serves the queue."""
    with serving_engine(served.database) as serving:
        yield serving


def settled(client: Client, execution_id: str) -> str:
    """Where an execution stands once it has settled: its log is followed until then."""
    for _line in client.logs.follow(execution_id):
        pass
    return client.executions.progress(execution_id).status


def test_what_ran_is_listed_found_and_read(database: Database, client: Client) -> None:
    facts, others = Facts("nightly"), Facts("daily")
    tell(database, facts.started(external_id="job 7"), facts.node_started(), facts.line())
    tell(database, others.started(NOON + SECOND))

    page = client.executions.page(ExecutionFilters(workflow="nightly"))
    every = list(client.executions.all())
    detail = client.executions.get("job 7")

    assert [facts.execution_id] == [each.id for each in page.items]
    assert {facts.execution_id, others.execution_id} == {each.id for each in every}
    assert facts.execution_id == client.executions.find(facts.execution_id[:-2])
    assert ("nightly", "running", ["load"]) == (
        detail.workflow,
        detail.status,
        [node.node for node in detail.nodes],
    )
    assert page.items == [client.executions.summary(facts.execution_id)]
    assert "load" == client.executions.node(facts.execution_id, "load").node
    assert 1 == len(client.executions.nodes(facts.execution_id).items)
    assert [] == client.executions.attempts(facts.execution_id).items
    assert None is client.executions.relations(facts.execution_id).parent
    assert [] == client.executions.succession(facts.execution_id).items
    assert facts.execution_id in client.executions.bundle(facts.execution_id).decode()


def test_pages_follow_one_another(database: Database, client: Client) -> None:
    facts = [Facts() for _ in range(5)]
    for each in facts:
        tell(database, each.started())

    first = client.executions.page(limit=3)
    second = client.executions.page(limit=3, cursor=first.next)

    assert (3, 2, None) == (len(first.items), len(second.items), second.next)
    with pytest.raises(InvalidCursor):
        client.executions.page(cursor="nonsense")


def test_lines_are_read_searched_and_followed(database: Database, client: Client) -> None:
    facts = Facts()
    tell(database, facts.started(), facts.line(), facts.finished(NOON + 2 * SECOND))

    followed = list(client.logs.follow(facts.execution_id))
    page = client.logs.page(facts.execution_id, tail=1)
    found = client.logs.search(followed[0].message, execution=facts.execution_id)

    assert 1 == len(followed)
    assert (followed, True) == (page.lines, page.done)
    assert [facts.execution_id] == [line.execution_id for line in found.lines]
    assert found.lines == list(client.logs.all_found(workflow="nightly"))


def test_a_workflow_is_saved_started_and_watched(client: Client, engine: Serving) -> None:
    saved = client.workflows.save(NAME, GREETS)
    again = client.workflows.save(NAME, GREETS)
    started = client.executions.start(NAME, {"name": "kim"}, tags=["a tag"])
    status = settled(client, started.id)
    detail = client.executions.get(started.id)

    assert (1, True, False) == (saved.version, saved.created, again.created)
    assert (Status.COMPLETED, "hello kim", ["a tag"]) == (status, detail.output, detail.tags)
    assert 1 == client.executions.count(ExecutionFilters(workflow=NAME)).count


def test_an_idempotent_start_happens_once(client: Client) -> None:
    client.workflows.save(NAME, GREETS)

    one, two = (client.executions.start(NAME, idempotency_key="once") for _ in range(2))

    assert one.id == two.id
    assert 1 == client.executions.count().count


def test_workflows_are_looked_at_and_changed(client: Client) -> None:
    client.workflows.save(NAME, GREETS)
    client.workflows.save(NAME, GREETS.replace("hello", "good day"), expected_version=1)
    client.workflows.save("breaks", BREAKS)

    assert [NAME, "breaks"] == [each.name for each in client.workflows.all()]
    assert [2, 1] == [each.version for each in client.workflows.all_versions(NAME)]
    assert 1 == len(client.workflows.difference(NAME, 1).difference.nodes_changed)
    assert client.workflows.as_yaml(NAME, version=1).startswith("workflow:")
    assert "set" in {each.name for each in client.workflows.node_types().items}
    assert ["breaks", NAME] == client.workflows.order(["breaks"])
    assert not client.workflows.disable(NAME).active
    assert client.workflows.change(NAME, active=True).active
    assert 1 == client.workflows.duplicate(NAME, "copy").version
    client.workflows.delete("copy")
    with pytest.raises(NotOnRecord):
        client.workflows.version("copy", 1)
    with pytest.raises(StaleVersion, match="version 2"):
        client.workflows.save(NAME, GREETS, expected_version=1)


def test_a_definition_is_judged_with_its_places(client: Client) -> None:
    validation = client.workflows.validate(BREAKS.replace("needs: first", "needs: nowhere"))
    with pytest.raises(ServerError) as refused:
        client.workflows.save("breaks", BREAKS.replace("needs: first", "needs: check"))

    assert (False, 6) == (validation.ok, validation.problems[0].line)
    assert (422, "SELF_EDGE") == (refused.value.status_code, refused.value.code)
    assert refused.value.members()["problems"]


def test_what_failed_is_run_again(client: Client, engine: Serving) -> None:
    client.workflows.save("breaks", BREAKS)
    failed = client.executions.start("breaks").id
    assert Status.FAILED == settled(client, failed)

    preview = client.executions.preview_rerun(failed, RerunMode.FAILED, inputs={"code": 0})
    again = client.executions.rerun(failed, "failed", inputs={"code": 0})

    assert (["first"], ["check"]) == (
        [each.node for each in preview.reused],
        [each.node for each in preview.run],
    )
    assert Status.COMPLETED == settled(client, again.id)
    assert [again.id] == [each.id for each in client.executions.relations(failed).reruns.items]


def test_what_runs_is_paused_answered_and_signalled(client: Client, engine: Serving) -> None:
    client.workflows.save("waits", WAITS)
    running = client.executions.start("waits").id

    assert client.executions.pause(running).paused
    assert not client.executions.resume(running).paused
    client.executions.signal(running, "hook", {"early": True})
    wait_until(lambda: bool(client.executions.approvals().items), "it asks")
    client.executions.answer(running, "ask", approved=True, comment="fine")

    assert Status.COMPLETED == settled(client, running)
    actions = [each.action for each in client.executions.requests(running).items]
    assert ["pause", "resume", "signal", "answer"] == actions


def test_one_is_cancelled_and_deleted(client: Client) -> None:
    client.workflows.save("waits", WAITS)
    waiting = client.executions.start("waits").id

    assert client.executions.cancel(waiting, reason="no need").cancelled
    assert 1 == client.executions.delete(waiting).deleted
    with pytest.raises(NotOnRecord):
        client.executions.get(waiting)


def test_all_that_were_counted_are_deleted(database: Database, client: Client) -> None:
    for _ in range(3):
        facts = Facts()
        tell(database, facts.started(), facts.finished())
    filters = ExecutionFilters(workflow="nightly")
    counted = client.executions.count(filters)

    assert 3 == client.executions.delete_all(filters, counted.confirm).deleted


def test_schedules_are_added_changed_and_backfilled(client: Client) -> None:
    client.workflows.save(NAME, GREETS)
    definition = ScheduleDefinition(trigger=Cron(expression="0 3 * * *"))
    added = client.schedules.add(NAME, definition, timezone="Asia/Seoul", name="nightly")
    since = datetime.now(UTC) - timedelta(days=2)
    wanted = BackfillRequest(since=since)

    assert ("active", 5) == (added.schedule.state, len(added.next))
    assert ["nightly"] == [each.name for each in client.schedules.all()]
    assert 3 == len(client.schedules.next("nightly", count=3).times)
    assert 2 == len(client.schedules.preview(definition, count=2).times)
    assert "no need" == client.schedules.pause("nightly", "no need").paused_reason
    assert "active" == client.schedules.resume("nightly").state
    assert 2 == len(client.schedules.preview_backfill("nightly", wanted).due)
    assert 2 == client.schedules.backfill("nightly", wanted).total
    assert 2 == len(client.schedules.fires("nightly").items)
    assert "UTC" == client.schedules.change("nightly", timezone="UTC").schedule.timezone
    client.schedules.delete("nightly")
    with pytest.raises(NotOnRecord):
        client.schedules.get("nightly")


def test_batches_are_made_looked_at_and_stopped(client: Client) -> None:
    client.workflows.save(NAME, GREETS)
    inputs = [{"name": str(number)} for number in range(3)]
    batch = client.batches.run(NAME, inputs, name="three")
    everything = client.batches.run_all()

    assert (3, "three") == (batch.total, client.batches.get(batch.id[:23]).name)
    assert [everything.id, batch.id] == [each.id for each in client.batches.all()]
    assert 3 == len(list(client.batches.all_members(batch.id)))
    assert "cancelled" == client.batches.stop(batch.id).status


def test_tokens_users_and_the_audit_log_are_kept(served: Served, client: Client) -> None:
    made = client.tokens.create("ci", Role.VIEWER)
    with Client(served.url, token=made.token) as viewer:
        viewer.executions.page()
        with pytest.raises(EveryrunError) as refused:
            viewer.batches.run_all()
    client.tokens.revoke(made.id)
    user = client.users.create("kim", Role.OPERATOR, "a long pass phrase")
    changed = client.users.change(user.id, role=Role.VIEWER)
    client.users.delete(user.id)

    assert (403, "NOT_ALLOWED") == (refused.value.status_code, refused.value.code)
    assert made.id in {each.id for each in client.tokens.all(revoked=True)}
    assert Role.VIEWER == changed.role
    assert "user.delete" in {each.action for each in client.audit.all(action="user.")}


def test_figures_are_read(database: Database, client: Client) -> None:
    facts = Facts()
    tell(database, facts.started(), facts.node_started(), facts.node_finished(), facts.finished())

    assert 1 == client.statistics.dashboard(zone="Asia/Seoul", use_cache=False).all_executions
    assert ["nightly"] == [each.workflow for each in client.statistics.workflows()]
    assert ["load"] == [each.node for each in client.statistics.nodes("nightly")]
    assert len(client.statistics.series("hour", zone="UTC").items) in {24, 25}
    assert "Asia/Seoul" == client.statistics.counts(zone="Asia/Seoul").timezone
    assert [] == list(client.statistics.all_failures())
    assert (1, 0) == (client.statistics.logs().total, client.statistics.logs().dropped_events)
    assert 1 == client.statistics.storage().executions
    assert [] == client.celery.workers(up=True).items
    assert [] == client.celery.queues().items


def test_changes_are_followed(database: Database, client: Client) -> None:
    following = client.changes.follow()
    first = next(following)
    facts = Facts()
    tell(database, facts.started())
    told = next(following)

    assert ([], False) == (first.items, first.reset)
    assert facts.execution_id in {each.execution_id for each in told.items}


def test_a_refusal_is_the_error_that_the_server_raised(client: Client) -> None:
    client.workflows.save(NAME, GREETS)
    client.workflows.disable(NAME)

    with pytest.raises(WorkflowInactive) as refused:
        client.executions.start(NAME)

    assert (409, "WORKFLOW_INACTIVE") == (refused.value.status_code, refused.value.code)


def test_what_is_not_there_or_is_several_is_told_apart(database: Database, client: Client) -> None:
    first, second = Facts(), Facts()
    tell(database, first.started())
    tell(database, second.started())

    with pytest.raises(NotOnRecord):
        client.executions.get(new_id())
    with pytest.raises(AmbiguousId):
        client.executions.get(first.execution_id[:8])


def test_who_is_not_let_in_learns_what_to_set(served: Served) -> None:
    with (
        Client(served.url) as nobody,
        pytest.raises(TokenRefused, match="asks for a token: set EVERYRUN_TOKEN"),
    ):
        nobody.executions.page()
    with (
        Client(served.url, token="er_wrong") as wrong,
        pytest.raises(TokenRefused, match=r"does not accept the token \(EVERYRUN_TOKEN\)"),
    ):
        wrong.executions.page()


def test_an_unchanged_answer_is_not_sent_again(database: Database, client: Client) -> None:
    facts = Facts()
    tell(database, facts.started())

    first, same = (client.executions.get(facts.execution_id) for _ in range(2))
    tell(database, facts.node_started(NOON + SECOND))
    moved = client.executions.get(facts.execution_id)

    assert first == same
    assert first is not same
    assert (0, 1) == (len(first.nodes), len(moved.nodes))


def test_a_server_that_is_away_is_named() -> None:
    client = Client("http://127.0.0.1:9", timeout=1)

    with pytest.raises(ServerUnreachable, match=r"http://127\.0\.0\.1:9 cannot be reached"):
        client.executions.cancel(new_id())
