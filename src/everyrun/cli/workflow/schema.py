"""``everyrun workflow schema``: the JSON Schema of workflow files, for editors."""

import sys


def schema() -> None:
    """Print the JSON Schema of workflow files, by which editors complete and check them."""
    from everyrun.cli import terminal
    from everyrun.workflows.defining import workflow_file_schema

    sys.stdout.flush()
    terminal.write_json(workflow_file_schema())
