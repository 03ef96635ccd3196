"""What follows what in a canvas is read from the places of its members."""

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.views.succession import Follows
from everyrun.store.database import Database
from everyrun.store.reading.succession import read_succession
from tests.support.facts import NOON, Facts, tell


class Canvas(Facts):
    """A canvas whose members are told one by one."""

    def __init__(self) -> None:
        super().__init__("a canvas", "celery")

    def member(self, name: str, id_: str, **place: str) -> events.NodeCreated:
        """A task that was sent, or will be."""
        return events.NodeCreated(
            **self.of, node=name, node_execution_id=id_, at=NOON, metadata=place or None
        )


def _succession(database: Database, canvas: Canvas) -> list[Follows]:
    with database.reading() as connection:
        return read_succession(connection, canvas.execution_id).items


def test_steps_of_a_chain_follow_each_other(database: Database) -> None:
    canvas, (first, second, third) = Canvas(), (new_id() for _ in range(3))
    tell(
        database,
        canvas.member("ocr", first),
        canvas.member("llm", second, parent_id=first),
        canvas.member("layout", third, parent_id=second, root_id=first),
    )

    assert [Follows("layout", "llm"), Follows("llm", "ocr")] == _succession(database, canvas)


def test_a_body_follows_every_name_of_its_header_once(database: Database) -> None:
    canvas, body = Canvas(), new_id()
    tell(
        database,
        *(canvas.member("resize", new_id(), chord_id=body) for _ in range(3)),
        canvas.member("watermark", new_id(), chord_id=body),
        canvas.member("publish", body),
    )

    assert [Follows("publish", "resize"), Follows("publish", "watermark")] == _succession(
        database, canvas
    )


def test_a_task_that_took_anothers_id_is_found_by_it(database: Database) -> None:
    canvas, task, row = Canvas(), new_id(), new_id()
    tell(
        database,
        canvas.member("replacing", row, task_id=task),
        canvas.member("next", new_id(), parent_id=task),
    )

    assert [Follows("next", "replacing")] == _succession(database, canvas)


def test_who_is_not_on_record_is_followed_by_nobody(database: Database) -> None:
    canvas = Canvas()
    tell(database, canvas.member("alone", new_id(), parent_id=new_id(), chord_id=new_id()))

    assert [] == _succession(database, canvas)


def test_what_is_no_canvas_has_no_succession(database: Database) -> None:
    facts = Facts()
    tell(database, facts.started(), facts.node_started())
    with database.reading() as connection:
        assert [] == read_succession(connection, facts.execution_id).items
