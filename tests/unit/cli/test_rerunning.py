"""What ``everyrun rerun`` makes of its options."""

from typing import Any

import pytest

from everyrun.cli.errors import BadInput
from everyrun.cli.rerunning import mode_of, parsed_edits
from everyrun.domain.graph import NodeDefinition
from everyrun.workflows.rerunning import Mode

NODES = {
    "fetch": NodeDefinition(
        type="http", parameters={"url": "https://example.org/{{ inputs.day }}", "retries": 3}
    ),
    "send": NodeDefinition(type="python", parameters={"rows": "{{ nodes.fetch.output }}"}),
}


@pytest.mark.parametrize(
    ("edits", "text"),
    [
        ({"fetch": {"url": "true"}}, "fetch.url=true"),
        ({"fetch": {"retries": 5}}, "fetch.retries=5"),
        ({"send": {"rows": [1, 2]}}, "send.rows=[1, 2]"),
        ({"send": {"rows": "a=b"}}, "send.rows=a=b"),
        ({"send": {"new.part": 1}}, "send.new.part=1"),
        ({"unknown": {"x": 1}}, "unknown.x=1"),
    ],
)
def test_an_edit_is_text_where_text_stands_now(edits: dict[str, Any], text: str) -> None:
    assert edits == parsed_edits([text], NODES)


def test_edits_of_one_node_go_together() -> None:
    assert {"fetch": {"url": "x", "retries": 1}} == parsed_edits(
        ["fetch.url=x", "fetch.retries=1"], NODES
    )


@pytest.mark.parametrize("text", ["fetch.url", "fetch=x", ".url=x", "fetch.=x", "=x"])
def test_an_edit_names_a_node_a_parameter_and_a_value(text: str) -> None:
    with pytest.raises(BadInput, match=r"NODE\.PARAMETER=VALUE"):
        parsed_edits([text], NODES)


@pytest.mark.parametrize(
    ("mode", "failed", "from_nodes"),
    [(Mode.WHOLE, False, False), (Mode.FAILED, True, False), (Mode.FROM_NODES, False, True)],
)
def test_the_options_say_from_where(mode: Mode, failed: bool, from_nodes: bool) -> None:
    assert mode == mode_of(failed=failed, from_nodes=from_nodes)


def test_failed_and_from_exclude_each_other() -> None:
    with pytest.raises(BadInput, match="not both"):
        mode_of(failed=True, from_nodes=True)
