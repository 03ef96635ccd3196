"""The sink into a database does what every sink does."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from everyrun.store.database import open_database
from everyrun.store.sql_sink import SqlSink
from everyrun.store.tables.executions import ExecutionLog, Recorder
from tests.contract.sink_contract import SinkContract


class TestSqlSink(SinkContract):
    @pytest.fixture(autouse=True)
    def _one_ledger(self, database_url: str) -> Iterator[None]:
        self.url = database_url
        self.sinks: list[SqlSink] = []
        yield
        for sink in self.sinks:
            sink.close()

    def make_sink(self) -> SqlSink:
        sink = SqlSink(self.url)
        self.sinks.append(sink)
        return sink

    def read_messages(self) -> list[str]:
        database = open_database(self.url)
        try:
            with database.reading() as connection:
                return list(
                    connection.scalars(select(ExecutionLog.message).order_by(ExecutionLog.id))
                )
        finally:
            database.close()

    def read_recorder_ids(self) -> set[str]:
        database = open_database(self.url)
        try:
            with database.reading() as connection:
                return set(connection.scalars(select(Recorder.id)))
        finally:
            database.close()
