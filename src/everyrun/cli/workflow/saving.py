"""Files made the newest versions of their workflows, unless they are that already."""

from typing import TYPE_CHECKING

from everyrun.cli import wording
from everyrun.cli.errors import BadDefinition
from everyrun.cli.messages import say
from everyrun.cli.workflow.files import Checked, print_problems, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from everyrun.cli.ledgers.ports import Ledger, SavedDefinition
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.workflows.defining import Read


def definitions_in(ledger: "Ledger", files: "Iterable[str]") -> "dict[str, WorkflowDefinition]":
    """The definitions in files. Tells every problem of all of them, then raises."""
    checked = [_judged(ledger, file, read(file)) for file in files]
    definitions = {each.file: each.definition for each in checked if each.definition is not None}
    if len(definitions) < len(checked):
        raise _told([each for each in checked if each.definition is None])
    return definitions


def saved_from(
    ledger: "Ledger", file: str, by: str | None
) -> "tuple[SavedDefinition, WorkflowDefinition]":
    """Save the definition in a file; answers the newest version and what it says.

    Tells every problem and raises :class:`BadDefinition` when there are any. What is the newest
    version already was judged when it was saved.
    """
    found = read(file)
    if found.definition is not None:
        already = _newest_if_equal(ledger, found.definition)
        if already is not None:
            return already, found.definition
    checked = _judged(ledger, file, found)
    if checked.definition is None:
        raise _told([checked])
    return ledger.workflows.save(checked.definition, by=by), checked.definition


def _judged(ledger: "Ledger", file: str, found: "Read") -> Checked:
    problems = ledger.workflows.problems(found)
    return Checked(file, None if problems else found.definition, problems)


def _told(troubled: "Sequence[Checked]") -> BadDefinition:
    for each in troubled:
        print_problems(each, aside=True)
    count = sum(len(each.problems) for each in troubled)
    files = ", ".join(each.file for each in troubled)
    problems = wording.counted("problem", count)
    return BadDefinition(say("file_has_problems", file=files, problems=problems))


def _newest_if_equal(
    ledger: "Ledger", definition: "WorkflowDefinition"
) -> "SavedDefinition | None":
    from everyrun.cli.ledgers.ports import SavedDefinition
    from everyrun.domain.errors import NotOnRecord
    from everyrun.domain.graph import digest_of

    try:
        newest = ledger.workflows.version(definition.workflow)
    except NotOnRecord:
        return None
    if newest.digest != digest_of(definition):
        return None
    return SavedDefinition(version=newest.version, created=False)
