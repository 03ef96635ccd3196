"""Settings of running on Celery workers, and how brokers count priorities."""

import pytest

from everyrun.domain.errors import SettingsError
from everyrun.workflows.celery.application import broker_priority
from everyrun.workflows.celery.settings import CelerySettings


def test_settings_come_from_the_environment() -> None:
    settings = CelerySettings.from_environment(
        {"EVERYRUN_EXECUTOR": "celery", "EVERYRUN_QUEUES": "shell=heavy, sql=db"}
    )

    assert ("celery", {"shell": "heavy", "sql": "db"}) == (settings.executor, settings.by_type())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("EVERYRUN_EXECUTOR", "elsewhere"),
        ("EVERYRUN_QUEUES", "shell"),
        ("EVERYRUN_QUEUES", "shell=no spaces"),
        ("EVERYRUN_QUEUE", ""),
        ("EVERYRUN_RESEND_SECONDS", "0"),
        ("EVERYRUN_TEND_SECONDS", "soon"),
    ],
)
def test_what_is_wrong_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match="EVERYRUN_"):
        CelerySettings.from_environment({variable: value})


def test_workers_need_a_broker() -> None:
    with pytest.raises(SettingsError, match="EVERYRUN_BROKER_URL"):
        CelerySettings().require_broker()


@pytest.mark.parametrize(
    ("url", "priority", "told"),
    [
        ("redis://localhost", 9, 0),
        ("redis+socket:///x", 0, 9),
        ("amqp://localhost", 9, 9),
        ("amqp://localhost", 99, 9),
        ("redis://localhost", -4, 9),
    ],
)
def test_nine_goes_first_whatever_the_broker_counts(url: str, priority: int, told: int) -> None:
    assert told == broker_priority(url, priority)
