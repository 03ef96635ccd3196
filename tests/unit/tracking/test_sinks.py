"""Sinks are found by the URL's scheme, and what is missing is said in a sentence."""

import os
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest

from everyrun.domain.errors import SinkUnavailable
from everyrun.tracking.http_sink import HttpSink
from everyrun.tracking.recorder import Recorder
from everyrun.tracking.settings import Settings
from everyrun.tracking.sinks import NoSinkInstalled, open_sink
from tests.support.url_sink import UrlSink


def _install(monkeypatch: pytest.MonkeyPatch, scheme: str, target: str) -> None:
    installed = EntryPoints([EntryPoint(scheme, target, "everyrun.sinks")])

    def entry_points(**wanted: Any) -> EntryPoints:
        return installed.select(**wanted)

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)


@pytest.mark.parametrize("url", ["carved://stone", "carved+deep://stone", "CARVED://stone"])
def test_a_sink_is_found_by_its_scheme(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    _install(monkeypatch, "carved", "tests.support.url_sink:UrlSink")

    sink = open_sink(Settings(home=tmp_path, url=url))

    assert isinstance(sink, UrlSink)
    assert url == sink.url


def test_the_http_sink_is_installed_with_the_base_package(tmp_path: Path) -> None:
    assert isinstance(open_sink(Settings(home=tmp_path, url="https://ledger.example")), HttpSink)


def test_a_scheme_that_nothing_writes_to_can_be_waited_for(tmp_path: Path) -> None:
    with pytest.raises(
        NoSinkInstalled, match=r"nothing installed writes to carved://ada@stone"
    ) as error:
        open_sink(Settings(home=tmp_path, url="carved://ada:pw@stone"))

    assert isinstance(error.value, SinkUnavailable)


def test_a_sink_whose_library_is_missing_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _install(monkeypatch, "carved", "everyrun_chisels:Sink")

    with pytest.raises(NoSinkInstalled, match=r"everyrun\[server\]"):
        open_sink(Settings(home=tmp_path, url="carved://stone"))


def test_a_process_that_forks_many_loads_what_ships_before_and_opens_nothing(
    tmp_path: Path,
) -> None:
    code = """
import os, sys
from everyrun.tracking import recording
recording.current().prepare_to_fork()
assert "everyrun.store.sql_sink" in sys.modules
assert not os.listdir(os.environ["EVERYRUN_HOME"])
"""
    environment = {**os.environ, "EVERYRUN_HOME": str(tmp_path), "EVERYRUN_URL": ""}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)


def test_a_recorder_that_cannot_ship_forks_as_well(tmp_path: Path) -> None:
    Recorder(Settings(home=tmp_path, url="carved://stone")).prepare_to_fork()
