"""``sql``: ask a database, or change it."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, field

from everyrun.nodes.base import NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.written import is_template, written

_READS = re.compile(r"\s*(SELECT|VALUES|TABLE)\b", re.IGNORECASE)


class Sql(NodeType):
    """Run SQL in one transaction, committed at the end or not at all.

    Values stand in a statement as `:name` and come from `parameters`; a template in a statement is
    refused, so that nothing from outside can become SQL. `IN :names` takes a list. A list of
    mappings as parameters runs the statement once for each. Output is what the last statement
    gives, a list of mappings, or `{changed: 3}`, the number of rows where it gives none.
    """

    left_as_written: ClassVar[frozenset[str]] = frozenset({"statement"})

    url: Annotated[
        str,
        Meta(
            description="`postgresql://user:password@server/database`, `sqlite:///file.db` (from "
            "the workflow file's folder), or another that SQLAlchemy has a driver for."
        ),
    ]
    statement: Annotated[
        str | list[str], Meta(description="The statement, or several, with `:name` for values.")
    ]
    parameters: Annotated[
        dict[str, Any] | list[dict[str, Any]],
        Meta(description="The values by name; a list of such runs the statement for each."),
    ] = field(default_factory=dict)
    fetch: Annotated[
        Literal["all", "one", "value", "none"],
        Meta(
            description="What to take of the rows: all, the only one, the first value of the only "
            "one, or nothing."
        ),
    ] = "all"
    max_rows: Annotated[int, Meta(description="More rows than these are an error.", ge=1)] = 10_000

    def statements(self) -> list[str]:
        """The statements, in order."""
        return [self.statement] if isinstance(self.statement, str) else self.statement

    def repeatable(self) -> bool:
        """Whether it only reads."""
        return all(_READS.match(statement) for statement in self.statements())

    def run(self, context: Context) -> Any:
        """Run it. Raises the errors of the database's driver, such as ``OperationalError``."""
        from everyrun.nodes.databases.asking import ask

        return ask(self, context)

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Templates in statements, and what cannot be a database's address."""
        problems = []
        url = written(parameters, "url", str)
        if url is not None and "://" not in url:
            problems.append(("url", "parameter 'url' must begin like sqlite:// or postgresql://"))
        told = parameters.get("statement")
        statements = told if isinstance(told, list) else [told]
        if any(is_template(statement) for statement in statements):
            sentence = (
                "parameter 'statement' cannot hold a template: give the value in 'parameters' "
                "and write :name in its place"
            )
            problems.append(("statement", sentence))
        if "statement" in parameters and not all(
            statement.strip() for statement in statements or [""] if isinstance(statement, str)
        ):
            problems.append(("statement", "parameter 'statement' is empty"))
        many = isinstance(parameters.get("parameters"), list)
        if many and isinstance(told, list) and len(told) > 1:
            sentence = "parameter 'parameters': a list of mappings goes with one statement"
            problems.append(("parameters", sentence))
        return problems
