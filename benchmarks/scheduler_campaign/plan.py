"""What is scheduled in the campaign: a graph of naps, every second and by a cron expression."""

from pathlib import Path

from everyrun.domain.clock import SystemClock
from everyrun.domain.graph import Edge, NodeDefinition, WorkflowDefinition
from everyrun.domain.schedule import Cron, Interval, ScheduleDefinition, Trigger
from everyrun.scheduler.scheduling import NewSchedule, add
from everyrun.store.database import Database
from everyrun.store.schedules import ScheduleRecord
from everyrun.workflows.saving import save

WORKFLOW = "due again and again"
NODES = ("first", "second", "third")
NAP = 0.1
_TRIGGERS: dict[str, Trigger] = {
    "every second": Interval(every=1.0),
    "by cron": Cron(expression="*/3 * * * * *"),
}


def make_schedules(database: Database, marks: Path) -> list[ScheduleRecord]:
    """Save the graph, and have it due from the next second on."""
    save(database, _graph(marks), by="campaign", now=SystemClock().now())
    return [
        add(
            database,
            NewSchedule(
                workflow=WORKFLOW,
                name=name,
                timezone="Australia/Lord_Howe",
                definition=ScheduleDefinition(
                    trigger=trigger, coalesce=False, misfire_grace=86_400.0
                ),
            ),
        )
        for name, trigger in _TRIGGERS.items()
    ]


def _graph(marks: Path) -> WorkflowDefinition:
    nodes = {}
    before: list[Edge] = []
    for key in NODES:
        arguments = {"marks": str(marks), "seconds": NAP}
        function = "benchmarks.scheduler_campaign.doing:work"
        parameters = {"function": function, "arguments": arguments}
        nodes[key] = NodeDefinition(type="python", parameters=parameters, needs=before)
        before = [Edge(node=key)]
    return WorkflowDefinition(workflow=WORKFLOW, nodes=nodes)
