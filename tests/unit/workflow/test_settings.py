"""What the environment says of an engine, a scheduler and a server is read in one way."""

from typing import Any

import pytest

from everyrun.domain.errors import SettingsError
from everyrun.scheduler.settings import SchedulerSettings
from everyrun.server.settings import ServerSettings
from everyrun.workflows.celery.settings import CelerySettings
from everyrun.workflows.settings import EngineSettings

CASES = [
    (EngineSettings, "EVERYRUN_LEASE_SECONDS", "lease_seconds"),
    (SchedulerSettings, "EVERYRUN_SCHEDULER_LEASE_SECONDS", "lease_seconds"),
    (ServerSettings, "EVERYRUN_QUERY_SECONDS", "query_seconds"),
    (CelerySettings, "EVERYRUN_RESEND_SECONDS", "resend_seconds"),
]


@pytest.mark.parametrize(("settings", "variable", "name"), CASES)
def test_a_variable_wins_over_the_default_and_an_override_over_both(
    settings: Any, variable: str, name: str
) -> None:
    environ = {variable: "7.5"}

    assert 7.5 == getattr(settings.from_environment(environ), name)
    assert 9.0 == getattr(settings.from_environment(environ, **{name: 9.0}), name)
    assert 7.5 == getattr(settings.from_environment(environ, **{name: None}), name)
    assert getattr(settings(), name) == getattr(settings.from_environment({}), name)


@pytest.mark.parametrize("text", ["", "soon", "nan", "inf", "-inf", "-1"])
@pytest.mark.parametrize(("settings", "variable", "name"), CASES)
def test_what_is_no_number_that_can_be_meant_is_refused_by_its_name(
    settings: Any, variable: str, name: str, text: str
) -> None:
    with pytest.raises(SettingsError, match=variable):
        settings.from_environment({variable: text})


def test_no_broker_is_shown_with_its_password() -> None:
    url = "amqp://user:secret@broker.example.org//"

    shown = [
        repr(CelerySettings(broker_url=url)),
        repr(ServerSettings(celery_broker_url=url)),
    ]

    assert ["secret" in each for each in shown] == [False, False]
