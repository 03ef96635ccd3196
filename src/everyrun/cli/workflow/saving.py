"""Files made the newest versions of their workflows, unless they are that already."""

from typing import TYPE_CHECKING

from everyrun.cli import wording
from everyrun.cli.errors import BadDefinition
from everyrun.cli.messages import say
from everyrun.cli.workflow.files import Checked, check, judged, print_problems, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.store.database import Database
    from everyrun.store.versions import SavedVersion


def definitions_in(files: "Iterable[str]") -> "dict[str, WorkflowDefinition]":
    """The definitions in files. Tells every problem of all of them, then raises."""
    checked = [check(file) for file in files]
    definitions = {each.file: each.definition for each in checked if each.definition is not None}
    if len(definitions) < len(checked):
        raise _told([each for each in checked if each.definition is None])
    return definitions


def saved_from(
    database: "Database", file: str, by: str | None
) -> "tuple[SavedVersion, WorkflowDefinition]":
    """Save the definition in a file; answers the newest version and what it says.

    Tells every problem and raises :class:`BadDefinition` when there are any. What is the newest
    version already was judged when it was saved.
    """
    found = read(file)
    if found.definition is not None:
        already = _newest_if_equal(database, found.definition)
        if already is not None:
            return already, found.definition
    problems = judged(found)
    if found.definition is None or problems:
        raise _told([Checked(file, None, problems)])
    return save_now(database, found.definition, by), found.definition


def save_now(
    database: "Database",
    definition: "WorkflowDefinition",
    by: str | None,
    expected_version: int | None = None,
) -> "SavedVersion":
    """Make a definition the newest version. Raises ``StaleVersion``."""
    from everyrun.domain.clock import SystemClock
    from everyrun.workflows.saving import save

    return save(database, definition, by, SystemClock().now(), expected_version)


def _told(troubled: "Sequence[Checked]") -> BadDefinition:
    for each in troubled:
        print_problems(each, aside=True)
    count = sum(len(each.problems) for each in troubled)
    files = ", ".join(each.file for each in troubled)
    problems = wording.counted("problem", count)
    return BadDefinition(say("file_has_problems", file=files, problems=problems))


def _newest_if_equal(
    database: "Database", definition: "WorkflowDefinition"
) -> "SavedVersion | None":
    from everyrun.domain.errors import NotOnRecord
    from everyrun.domain.graph import digest_of
    from everyrun.store.versions import SavedVersion, find_version

    try:
        with database.reading() as connection:
            newest = find_version(connection, definition.workflow)
    except NotOnRecord:
        return None
    if newest.digest != digest_of(definition):
        return None
    return SavedVersion(
        newest.workflow_id,
        newest.id,
        newest.version,
        created=False,
        created_at=newest.created_at,
        created_by=newest.created_by,
    )
