"""docs/reference/commands.md, from the command line's own definition."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

import typer

from everyrun.cli.main import app

_OPENING = """
# Commands

Made from `everyrun.cli.main` by `python -m scripts.write_reference`; a test keeps it up to date.

`everyrun COMMAND --help` says the same in short. How to go about it:
[read the record](../howto/read-the-record.md).

## Which ledger

`--url`, before or after the command, wins over `EVERYRUN_URL`; without either it is the SQLite file
under `EVERYRUN_HOME` (`~/.everyrun`). See [settings](settings.md).

Where it is `http://…` or `https://…`, commands read and act through that server, which knows who
asks by `EVERYRUN_TOKEN`, and runs what they have run: `run`, `rerun` and `batch run` start it there
and watch. Ctrl-C cancels it there; any other end of the command leaves it running. `db`,
`scheduler`, `serve` and `up` work on the ledger's database itself.

## Output

- In a terminal: tables and trees that fit its width, with colour (`NO_COLOR=1` for none).
- In a pipe: tables are tab-separated with one heading line, whole ids, times with their offset and
  durations in seconds; nothing is cut and no control character is sent. `FORCE_COLOR=1` gives a
  pipe what a terminal gets.
- With `--json`: one JSON document on standard output and nothing else; `logs` gives one a line.
- Errors, questions, progress and remarks are on standard error.
- Text from the ledger cannot drive the terminal: control characters are shown, not sent.
- Korean where `EVERYRUN_LANG`, else `LC_ALL`, `LC_MESSAGES` or `LANG` begins with `ko`, else
  English. JSON is the same in both.

## Naming things

An execution is named by its id, by any beginning of it that no other shares (four digits or more),
or by the id that its caller gave it (its external id). A node is named by its key, by
`KEY[ITERATION]`, or by its node execution's id or a unique beginning of that.

A workflow is named by its name. What ends in `.yaml`, `.yml` or `.json`, is the path of a file, or
is `-` (standard input) is a file with a definition.

A moment is a span ago (`2h`, `7d`, `1h30m`), a date or a time (`2026-11-01`, `2026-11-01T09:30`,
`2026-11-01T09:30+09:00`), `today`, `yesterday` or `now`; without an offset it is local.

## Exit codes

| code | |
|---|---|
| 0 | Done. |
| 1 | What was run, checked or asked about failed, or a question was answered no. |
| 2 | The command line, or a value or setting in it, cannot work. |
| 3 | Nothing on record has this id. |
| 4 | Several records are meant by this id. |
| 5 | The ledger or its server does not answer, is not migrated, too new, or asks for a token. |
| 6 | What was run here was cancelled by somebody else. |
| 7 | Not as things stand: a stale save, a workflow switched off, an execution that has settled. |
| 130 | Interrupted by Ctrl-C; what ran here is cancelled. |
| 143 | As 130, by `SIGTERM`; 129 by `SIGHUP`. |
| 141 | Whoever read the output went away. |

`exec` ends as its command does: its exit code, 128+N when signal N killed it, 127 when there is no
such command, 126 when it cannot be executed.
"""

_REMARKS = {
    "run": """
A file is checked, saved as a new version if it says anything new, and run in this process: its
nodes work in threads of it. On a terminal the tree of nodes is drawn on standard error while it
runs; elsewhere each change is a line there. How it ended is on standard output: one line, a line
for each node that failed, and the output; what nodes print goes to standard error. More than 200
nodes are summarised, and while it runs only what fits is drawn: what runs, what failed, what ended
last.

Ctrl-C, `SIGTERM` and `SIGHUP` cancel: running nodes are told to end and get `EVERYRUN_CANCEL_GRACE`
seconds. A second Ctrl-C kills at once. A process that is killed itself leaves an execution that
`everyrun resume ID` goes on with.

Exit codes: 0 completed, 1 failed, 6 cancelled by somebody else, 7 skipped by its overlap policy or
switched off, 130 and 143 cancelled by a signal. A run that has to wait for others of its workflow
waits.

With `--json` it is silent until the end: `id`, `workflow`, `version`, `status`, `reason`,
`duration_seconds`, `nodes` (counts by status), `failed` and `output`.
""",
    "cancel": """
Works from any process and machine that reaches the ledger: whoever runs the execution hears of it
within `EVERYRUN_POLL_SECONDS`. One that nobody runs is cancelled on the spot.
""",
    "resume": """
A paused execution goes on where it runs. One that nobody runs, because its process was killed or
because it only waits in the queue, is run here and shown as `run` does; what has settled is never
run again.
""",
    "rerun": """
Makes a new execution of the same version, linked to the first one. Without `--failed`, `--from` and
`--edit` the whole is run again. A node runs again when it was asked for, did not complete, reads an
input that was changed, or needs a node that runs again; the others' outputs are taken over.
""",
    "workflow validate": """
All problems at once: `FILE:LINE:COLUMN: CODE: MESSAGE`, on a terminal with the line and a caret.
`--json` gives `file`, `ok`, `workflow` and `problems` of each file. Reads no ledger.
""",
    "workflow apply": """
A save that says nothing new makes no version. `--expect` refuses with 7 when somebody saved another
version since the one that the change was made to, and says who and when.
""",
    "workflow diff": """
`diff NAME A` compares with the newest version, `diff FILE` compares the newest version with a file.
""",
    "workflow order": """
The order in which all active workflows are run as a batch.
""",
    "workflow delete": """
Versions and executions stay on record. Applying the workflow again goes on with its versions.
""",
    "schedule add": """
The rules, and what happens when clocks are changed: [schedules](schedules.md). The workflow must be
saved; its inputs are tried out at once. An input may have templates over `due.date`, `due.time`,
`due.at`, `due.utc` and `schedule`: `-i 'day={{ due.date }}'`.
""",
    "schedule show": """
`OUTCOME` says what became of a due time: `started`, `skipped`, `missed`, `coalesced` or
`backfilled`; see [schedules](schedules.md).
""",
    "schedule next": """
Needs no ledger without a SCHEDULE. `REMARK` says where changed clocks move a fixed time of day.
""",
    "schedule pause": """
The reason stands in `schedule list` until it is resumed.
""",
    "schedule backfill": """
Says first how many due times there are, and asks. What was run already is left out unless `--again`
is given; what was missed is made up for. Runs here as `batch run` does, or with `--detach` where a
scheduler is. `--dry-run --json` gives the due times.
""",
    "scheduler": """
Makes or migrates the ledger as `run` does. Of several schedulers on a ledger one leads: it starts
what is due and puts back into the queue what a process that is gone left; all of them run what
waits. When the leader is killed another one leads within `EVERYRUN_SCHEDULER_LEASE_SECONDS`, on the
same machine at once.

The first Ctrl-C or `SIGTERM` ends it in order: nothing more is begun, what runs has
`EVERYRUN_SCHEDULER_DRAIN_SECONDS` and then goes back to the queue. The second gives it no time.
Exit code 0.

`--json` prints a line for each thing that happens, told apart by `what`: `begun`, `led`, `fired`,
`rescued`, `finished`, `batch`.
""",
    "batch run-all": """
One after the other in the order of `everyrun workflow order`, unless `--parallel` says otherwise. A
workflow that needs an input without a default is not run, and counted so. A line for each
execution that ended, and a last one with the counts; with `--json` one document.

The first Ctrl-C stops the batch: what runs is cancelled, what waits is not run, and both are
counted. The second kills. Exit codes: 0 all completed, 1 some failed, 6 stopped by somebody else,
130 and 143 stopped by a signal. When the process is killed, a scheduler goes on with the batch, or
`everyrun batch resume ID`.
""",
    "batch run": """
As `batch run-all`. In CSV the heading line names the inputs, and an empty cell leaves one out.
Nothing is run when one of the inputs cannot be taken; all that cannot are named.
""",
    "batch resume": """
Refuses with 7 while another process runs the batch.
""",
    "batch stop": """
Works from any process that reaches the ledger, also when nobody runs the batch any more.
""",
    "list": """
`next` in the JSON document is the cursor of the next page, null at the end. A filter that no index
serves is searched bit by bit, however long it takes. Where there is no ledger yet the list is
empty and the exit code 0.
""",
    "show": """
More than 200 nodes are summarised: the failed, running and slowest ones, and how many more there
are. `▲1` to `▲3` mark nodes that took at least twice as long as most. `--json` adds the earlier
attempts of nodes as `earlier_attempts`, and of a graph's execution its `version` and `paused_at` as
`graph`.
""",
    "logs": """
Without `--all` it begins with the last 100 lines. `--follow` polls by cursor, as often as the
ledger asks, and ends when the execution has settled and every line was printed, or when it is
lost.
""",
    "stats": """
Counts and means are kept per quarter of an hour, so that `--since` and `--until` count the quarters
that they lie in whole. Percentiles are of the newest runs.
""",
    "exec": """
What follows the first word that is no option belongs to the command, with or without `--`. Each
line that it writes is a line on record, with `stdout` or `stderr` as its logger.
""",
    "delete": """
Names the count and asks before it acts. `--older-than` spares what is pending, running or retrying
unless `--status` asks for it. Deleting goes in batches; the sums are taken back with the rows.
""",
    "spool status": """
A process is `alive` while it holds its spool; what a `gone` one left is shipped by the next process
on this machine that records to the same ledger, or by `everyrun spool replay`.
""",
    "spool drop": """
Only spools of processes that are gone. Names the count and asks before it acts.
""",
    "db upgrade": """
An SQLite ledger is made and migrated by whoever records first; PostgreSQL waits for this command.
""",
    "db downgrade": """
Names what is lost and asks before it acts.
""",
    "db check": """
Compares the schema with this version's, the kept sums with a recount of every row (minutes on a
large ledger), and on SQLite the file with itself.
""",
}


def commands() -> str:
    """docs/reference/commands.md"""
    root = typer.main.get_command(app)
    sections = ["## `everyrun`", "", *_parameters(root)]
    for path, command in _walk(root, ()):
        words = " ".join(path)
        sections += ["", f"## `everyrun {words}`", "", command.help or "", ""]
        sections += ["```", f"everyrun {words} {_usage(command)}".rstrip(), "```"]
        if words in _REMARKS:
            sections += ["", _REMARKS[words].strip()]
        sections += ["", *_parameters(command)]
    return "\n".join([_OPENING.strip(), "", *sections, ""])


def _walk(group: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _walk(command, (*path, name))
        else:
            yield (*path, name), command


def _usage(command: Any) -> str:
    arguments = [each.metavar for each in command.params if each.param_type_name == "argument"]
    return " ".join(["[OPTION]...", *arguments])


def _parameters(command: Any) -> list[str]:
    rows = [
        f"| {_name(parameter)} | {_default(parameter)} | {_help(parameter)} |"
        for parameter in command.params
    ]
    return ["| | default | |", "|---|---|---|", *rows]


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar}`".replace("|", "\\|")
    names = ", ".join(f"`{name}`" for name in parameter.opts + parameter.secondary_opts)
    value = "" if parameter.is_flag else f" {parameter.metavar or _kind_of(parameter)}"
    return f"{names}{value}".replace("|", "\\|")


def _kind_of(parameter: Any) -> str:
    return "N" if isinstance(parameter.default, int) else str(parameter.name).upper()


def _default(parameter: Any) -> str:
    default = parameter.default
    if default is None or isinstance(default, bool):
        return "required" if parameter.required else ""
    return f"`{default.value if isinstance(default, Enum) else default}`"


def _help(parameter: Any) -> str:
    return (parameter.help or "").replace("|", "\\|")
