"""Job types by name: what the setting and installed packages say."""

import pytest

from everyrun.domain.errors import SettingsError
from everyrun.domain.graph import to_plain
from everyrun.server.settings import ServerSettings
from everyrun.workflows.job_types import graph_of, is_job_graph, job_types
from everyrun.workflows.validating import validate


def test_the_setting_names_functions() -> None:
    setting = " titles = shop.titles:make , covers=shop.art:Covers.draw,"

    assert {"titles": "shop.titles:make", "covers": "shop.art:Covers.draw"}.items() <= (
        job_types(setting).items()
    )


@pytest.mark.parametrize("setting", ["titles", "titles=", "=a:b", "titles=shop", "titles=:make"])
def test_a_setting_that_cannot_be_read_is_told_at_the_start(setting: str) -> None:
    with pytest.raises(SettingsError, match="EVERYRUN_JOBS"):
        ServerSettings(jobs=setting)


def test_a_types_graph_can_run_and_is_known_again() -> None:
    graph = graph_of("titles", "shop.titles:make")

    assert [] == validate(graph)
    assert is_job_graph(to_plain(graph))
    assert not is_job_graph({"nodes": {"run": {"type": "python", "with": {"function": "a:b"}}}})
    assert not is_job_graph({})
