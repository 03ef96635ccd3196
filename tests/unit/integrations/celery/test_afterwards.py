"""What a worker's log alone tells: a task whose result was stored before its process was killed."""

import logging

from everyrun.integrations.celery.afterwards import listen

LOGGER = logging.getLogger("celery.worker.request")


def test_a_task_that_succeeded_before_its_process_was_killed_is_told() -> None:
    replaced: list[str] = []
    told: list[str] = []
    listen(replaced.append)
    listen(told.append)
    said = "Task %s[%s] succeeded before the worker was lost: %r"

    LOGGER.warning(said, "shop.add", "t-1", ValueError("killed"))
    LOGGER.warning("Task %s[%s] was something else", "shop.add", "t-2")
    LOGGER.warning("nothing")

    assert (["t-1"], []) == (told, replaced)


def test_a_log_goes_on_whatever_becomes_of_what_it_says() -> None:
    def fail(_task_id: str) -> None:
        raise OSError("no")

    listen(fail)
    try:
        LOGGER.warning("Task %s[%s] succeeded before the worker was lost: %r", "a", "b", "c")
    finally:
        listen(lambda _task_id: None)
