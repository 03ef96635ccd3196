"""Executions that others run and report here: node by node, and as a whole."""

from everyrun.workflows.reporting.nodes import NodeReport, report_node
from everyrun.workflows.reporting.quiet import end_quiet_runs
from everyrun.workflows.reporting.runs import RunReport, report_run
from everyrun.workflows.reporting.scripts import NO_SCRIPT, Script
from everyrun.workflows.reporting.troubles import ImpossibleReport, NotReported

__all__ = [
    "NO_SCRIPT",
    "ImpossibleReport",
    "NodeReport",
    "NotReported",
    "RunReport",
    "Script",
    "end_quiet_runs",
    "report_node",
    "report_run",
]
