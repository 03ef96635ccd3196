"""What the commands about users share."""

from enum import StrEnum
from typing import Annotated

import typer

from everyrun.domain.roles import Role


class PersonsRole(StrEnum):
    """What a person may do: all roles but the one that only adds events."""

    VIEWER = Role.VIEWER.value
    OPERATOR = Role.OPERATOR.value
    ADMIN = Role.ADMIN.value

    @property
    def role(self) -> Role:
        """The role itself."""
        return Role(self.value)


UserName = Annotated[
    str,
    typer.Argument(metavar="NAME", help="The user's name, in any case, or id.", show_default=False),
]
