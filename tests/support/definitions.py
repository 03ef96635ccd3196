"""Definitions for tests: strategies that draw any that can be written."""

from typing import Any

from hypothesis import strategies as st
from msgspec import UNSET

from everyrun.domain.graph import (
    QUEUE_PATTERN,
    Edge,
    InputDefinition,
    InputType,
    Join,
    KeyLimit,
    NodeDefinition,
    Overlap,
    Position,
    Retry,
    RunPolicy,
    WorkflowDefinition,
)
from everyrun.domain.spans import LONGEST_SPAN

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from(" \n:#'\"-"),
    max_size=12,
) | st.sampled_from(
    ["yes", "true", "null", "~", "3", "1.5", "1e3", "<<", "a: b", "- a", "{{ x }}", "a\nb\n", "0x1"]
)
finite = st.floats(allow_nan=False, allow_infinity=False)
whole_64_bits = st.integers(-(2**63), 2**63 - 1)
spans = st.floats(0, LONGEST_SPAN) | st.integers(0, 1_000_000).map(float)
plain_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | finite | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
mappings = st.dictionaries(texts, plain_values, max_size=3)
maybe_text = st.none() | texts

edges = st.builds(
    Edge,
    node=texts,
    outcome=st.sampled_from(["success", "failure", "always", "true", "false"]) | texts.filter(bool),
)
retries = st.builds(
    Retry,
    max_retries=st.none() | whole_64_bits,
    delay=spans,
    backoff=finite,
    maximum_delay=spans,
    jitter=finite,
    on=st.lists(texts, max_size=2),
)


def _nodes(bodies: st.SearchStrategy[dict[str, NodeDefinition]]) -> Any:
    node = st.builds(
        NodeDefinition,
        type=texts,
        parameters=mappings,
        needs=st.lists(edges, max_size=4),
        join=st.sampled_from(Join),
        retry=st.none() | retries | st.just(Retry(max_retries=3)),
        timeout=st.none() | spans,
        concurrency=st.none() | st.builds(KeyLimit, key=texts, limit=whole_64_bits),
        allow_failure=st.booleans(),
        in_process=st.booleans(),
        queue=st.none() | st.from_regex(QUEUE_PATTERN, fullmatch=True),
        title=maybe_text,
        description=maybe_text,
        position=st.none() | st.builds(Position, x=finite, y=finite),
        do=bodies,
    )
    return st.dictionaries(texts, node, max_size=3)


inputs = st.builds(
    InputDefinition,
    type=st.sampled_from(InputType),
    default=st.just(UNSET) | plain_values,
    description=maybe_text,
    choices=st.lists(plain_values, max_size=2),
)
policies = st.builds(
    RunPolicy,
    timeout=st.none() | spans,
    overlap=st.sampled_from(Overlap),
    concurrency=st.none() | whole_64_bits,
    max_executions=st.none() | whole_64_bits,
    priority=whole_64_bits,
)
definitions = st.builds(
    WorkflowDefinition,
    workflow=texts,
    description=maybe_text,
    tags=st.lists(texts, max_size=3),
    inputs=st.dictionaries(texts, inputs, max_size=3),
    variables=mappings,
    policy=st.just(RunPolicy()) | policies,
    nodes=_nodes(st.just({}) | _nodes(st.just({}))),
    output=plain_values,
    directory=maybe_text,
)
"""Definitions of every shape, sensible or not, that can be written down."""
