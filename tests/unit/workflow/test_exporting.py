"""What is exported reads back to the same definition, and looks as if a person had written it."""

from typing import Any

import yaml
from hypothesis import given

from everyrun.domain.graph import WorkflowDefinition, digest_of
from everyrun.workflows.defining import read_text, read_value
from everyrun.workflows.exporting import as_written, export_yaml
from everyrun.workflows.writing_yaml import lines_of
from tests.support.definitions import definitions, mappings
from tests.unit.workflow.defining.test_reading import WHOLE

TIDY = """\
workflow: nightly report
description: |
  What came in overnight:
    all of it.

inputs:
  day:
    type: string
    default: today
  files: list

policy:
  timeout: 1h30m
  overlap: skip

nodes:
  fetch:
    type: http
    with:
      url: "https://example.org/{{ inputs.day }}"
      answer: "yes"
    retry: 3
    timeout: 30s
    concurrency: example.org

  check:
    type: condition
    needs: fetch
    with:
      if: "{{ nodes.fetch.output.status == 200 }}"

  tidy:
    type: shell
    needs:
      - {check: true}
      - {fetch: [failure, always]}
    join: any
    with:
      command: |-
        rm -f scratch
        echo done
      env:
        A: "1"
    position: {x: 10, y: -2.5}

output: "{{ nodes.fetch.output }}"
"""


def back(text: str) -> WorkflowDefinition:
    read = read_text(text)

    assert [] == read.problems
    assert read.definition is not None
    return read.definition


def test_a_tidy_file_is_exported_as_it_is() -> None:
    assert TIDY == export_yaml(back(TIDY))


def test_everything_that_can_be_written_is_exported() -> None:
    assert back(WHOLE) == back(export_yaml(back(WHOLE)))


@given(definitions)
def test_what_is_exported_reads_back(definition: WorkflowDefinition) -> None:
    read = back(export_yaml(definition))

    assert definition == read
    assert digest_of(definition) == digest_of(read)


@given(definitions)
def test_the_written_form_reads_back_without_any_text(definition: WorkflowDefinition) -> None:
    assert definition == read_value(as_written(definition)).definition


@given(mappings)
def test_other_readers_of_yaml_agree(value: dict[str, Any]) -> None:
    written = "\n".join(lines_of({"a": value, "b": list(value.values())})) + "\n"
    read = yaml.load(written, yaml.CSafeLoader)

    assert {"a": value, "b": list(value.values())} == read


def test_a_long_list_stands_in_several_lines() -> None:
    assert ["a:", *[f"  - number_{number}" for number in range(20)]] == list(
        lines_of({"a": [f"number_{number}" for number in range(20)]})
    )
