"""Settings: from overrides, the environment and defaults, with errors that name the setting."""

import dataclasses
from pathlib import Path

import pytest

from everyrun.domain.errors import SettingsError
from everyrun.tracking.settings import VARIABLES, Settings


def test_without_a_url_the_ledger_lies_in_the_home(tmp_path: Path) -> None:
    assert f"sqlite:///{tmp_path}/everyrun.db" == Settings(home=tmp_path).url


def test_without_a_home_it_is_a_hidden_directory_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert tmp_path / ".everyrun" == Settings.from_environment({}).home


def test_overrides_win_over_the_environment(tmp_path: Path) -> None:
    environment = {"EVERYRUN_HOME": str(tmp_path), "EVERYRUN_FLUSH_INTERVAL": "3"}

    settings = Settings.from_environment(environment, flush_interval=1.5)

    assert (tmp_path, 1.5) == (settings.home, settings.flush_interval)


def test_an_override_of_none_counts_as_not_given(tmp_path: Path) -> None:
    environment = {"EVERYRUN_URL": "https://ledger.example"}

    assert "https://ledger.example" == Settings.from_environment(environment, url=None).url


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4096", 4096),
        ("512KiB", 524_288),
        ("256MiB", 268_435_456),
        ("1g", 1 << 30),
        ("10 MB", 10 << 20),
    ],
)
def test_sizes_may_have_units(text: str, size: int) -> None:
    assert size == Settings.from_environment({"EVERYRUN_SPOOL_LIMIT": text}).spool_limit
    assert size == Settings.from_environment({}, spool_limit=text).spool_limit


@pytest.mark.parametrize(
    ("text", "enabled"), [("1", False), ("true", False), ("0", True), ("", True)]
)
def test_recording_can_be_switched_off(text: str, enabled: bool) -> None:
    assert enabled is Settings.from_environment({"EVERYRUN_DISABLED": text}).enabled


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("EVERYRUN_SPOOL_LIMIT", "lots"),
        ("EVERYRUN_SPOOL_LIMIT", "0"),
        ("EVERYRUN_FLUSH_INTERVAL", "soon"),
        ("EVERYRUN_FLUSH_INTERVAL", "-1"),
        ("EVERYRUN_FLUSH_INTERVAL", "nan"),
        ("EVERYRUN_FLUSH_AT_EXIT", "inf"),
        ("EVERYRUN_HEARTBEAT_INTERVAL", "0"),
        ("EVERYRUN_BATCH_EVENTS", "1.5"),
        ("EVERYRUN_DISABLED", "perhaps"),
        ("EVERYRUN_URL", "ledger.example"),
    ],
)
def test_a_variable_that_cannot_work_is_named(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings.from_environment({variable: text})


def test_a_variable_that_cannot_work_may_be_reported_and_left_out(tmp_path: Path) -> None:
    problems: list[SettingsError] = []
    environment = {"EVERYRUN_SPOOL_LIMIT": "lots", "EVERYRUN_HOME": str(tmp_path)}

    settings = Settings.from_environment(environment, on_problem=problems.append)

    assert (tmp_path, 256 << 20) == (settings.home, settings.spool_limit)
    assert ["EVERYRUN_SPOOL_LIMIT"] == [str(each).partition("=")[0] for each in problems]


def test_an_unknown_setting_is_an_error() -> None:
    with pytest.raises(SettingsError, match="spool_size is not a setting"):
        Settings.from_environment({}, spool_size=1)


@pytest.mark.parametrize("wrong", [True, "x", 1.5])
def test_an_override_of_the_wrong_type_is_an_error(wrong: object) -> None:
    with pytest.raises(SettingsError, match=r"batch_events|EVERYRUN_BATCH_EVENTS"):
        Settings.from_environment({}, batch_events=wrong)


def test_a_relative_database_stays_where_it_was_when_the_process_moves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    assert f"sqlite:///{tmp_path}/runs.db" == Settings(url="sqlite:///runs.db").url
    assert (
        f"sqlite:///{tmp_path}/runs.db?timeout=3" == Settings(url="sqlite:///runs.db?timeout=3").url
    )
    assert "sqlite:////srv/runs.db" == Settings(url="sqlite:////srv/runs.db").url
    assert "sqlite:///:memory:" == Settings(url="sqlite:///:memory:").url


def test_the_token_is_not_shown() -> None:
    assert "s3cret" not in repr(Settings(token="s3cret"))


def test_every_setting_has_a_variable() -> None:
    assert {each.name for each in dataclasses.fields(Settings)} == VARIABLES.keys()
