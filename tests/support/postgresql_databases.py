"""Databases of one PostgreSQL server, each lent to one test and dropped afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

_FASTER_FILE_COPY_SINCE = 180000


class PostgresqlDatabases:
    """Makes and drops databases through ``admin_url``, whose user must be allowed to.

    A copy of a migrated template takes 30-50 ms and an empty database 15 ms on PostgreSQL 18
    without fsync; 15 and 16 take five to ten times as long.
    """

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._connection = psycopg.connect(admin_url, autocommit=True)

    @property
    def version(self) -> int:
        """The server's major version."""
        return self._connection.info.server_version // 10000

    def create(self, template: str | None = None) -> str:
        """The address of a new database: empty, or a copy of the one that ``template`` names.

        Nobody may be connected to the template.
        """
        name = f"everyrun_test_{uuid4().hex}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name),
            sql.Identifier("template0" if template is None else _name_in(template)),
        )
        if self._connection.info.server_version >= _FASTER_FILE_COPY_SINCE:
            statement += sql.SQL(" STRATEGY file_copy")
        self._connection.execute(statement)
        return urlsplit(self._admin_url)._replace(path=f"/{name}").geturl()

    def drop(self, url: str) -> None:
        """Drop the database of this address and whatever is connected to it."""
        self._connection.execute(
            sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(_name_in(url)))
        )

    @contextmanager
    def lend(self, template: str | None = None) -> Iterator[str]:
        """The address of a new database (see :meth:`create`), dropped at the end."""
        url = self.create(template)
        try:
            yield url
        finally:
            self.drop(url)

    def close(self) -> None:
        """Leave the server."""
        self._connection.close()


def _name_in(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")
