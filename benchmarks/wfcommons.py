"""Real scientific workflows (WfCommons 1.5) as graphs of ours, with no-op or sleeping nodes.

    python -m benchmarks.wfcommons FILE…      says what is in them

The files are not part of this repository. Benchmarks look for them in the folder that
``EVERYRUN_WFINSTANCES`` names, else in ``../shared/data/wfinstances`` beside the repository.
``workflow.specification.tasks[]`` has ``id``, ``name``, ``parents[]`` and ``children[]``;
``workflow.execution.tasks[]`` has the same ids with ``runtimeInSeconds``.
"""

import gzip
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.graph_runs.definitions import definition_of
from benchmarks.graph_runs.list_scheduling import critical_path, list_schedule, longest_path_first
from everyrun.domain.graph import NodeDefinition, WorkflowDefinition

FOLDER_SETTING = "EVERYRUN_WFINSTANCES"
_ROOT = Path(__file__).resolve().parents[1]
_NOT_IN_KEYS = re.compile(r"[^\w-]")


@dataclass(frozen=True)
class Task:
    """One task: its name, which need not be unique, its parents' keys, and how long it took."""

    name: str
    parents: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Instance:
    """One recorded run of a workflow: its tasks by node key, parents before children."""

    name: str
    tasks: Mapping[str, Task]

    @property
    def parents(self) -> dict[str, tuple[str, ...]]:
        """Each task's parents."""
        return {key: task.parents for key, task in self.tasks.items()}

    @property
    def seconds(self) -> dict[str, float]:
        """How long each task took."""
        return {key: task.seconds for key, task in self.tasks.items()}

    def as_definition(self, make_node: Callable[[Task], NodeDefinition]) -> WorkflowDefinition:
        """A graph with the same edges; ``make_node`` says what each task's node does."""

        def titled(key: str) -> NodeDefinition:
            task = self.tasks[key]
            return msgspec.structs.replace(make_node(task), title=task.name)

        return definition_of(self.name, self.parents, titled)


def instances_folder() -> Path:
    """Where the files lie: ``EVERYRUN_WFINSTANCES``, else beside the repository."""
    given = os.environ.get(FOLDER_SETTING)
    return Path(given) if given else _ROOT.parent / "shared" / "data" / "wfinstances"


def instance_files(folder: Path) -> list[Path]:
    """The files in a folder, the smallest first."""
    found = [*folder.glob("*.json"), *folder.glob("*.json.gz")]
    return sorted(found, key=lambda path: path.stat().st_size)


def read_instance(path: Path) -> Instance:
    """Read a ``.json`` or ``.json.gz`` file; it is named by the file's first word.

    Raises ``ValueError`` when it is not WfCommons 1.5.
    """
    content = path.read_bytes()
    plain = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    try:
        return parse_instance(plain, name=path.name.split("-")[0].split(".")[0])
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} is not WfCommons 1.5: {error!r}") from error


def parse_instance(plain: Any, name: str) -> Instance:
    """The tasks of a parsed file. An edge counts whichever of its two ends states it.

    Raises ``ValueError`` on an unknown task or a cycle, ``KeyError`` where a field is missing.
    """
    told = plain["workflow"]["specification"]["tasks"]
    ran = plain["workflow"].get("execution", {}).get("tasks", [])
    seconds = {task["id"]: float(task.get("runtimeInSeconds", 0.0)) for task in ran}
    parents: dict[str, set[str]] = {task["id"]: set(task["parents"]) for task in told}
    for task in told:
        for child in task["children"]:
            if child not in parents:
                raise ValueError(f"{task['id']} has the child {child}, which is no task")
            parents[child].add(task["id"])
    keys = _keys_of(parents)
    names = {task["id"]: str(task["name"]) for task in told}
    tasks = {
        keys[id_]: Task(
            names[id_], tuple(sorted(keys[each] for each in parents[id_])), seconds.get(id_, 0.0)
        )
        for id_ in _parents_first(parents)
    }
    return Instance(name, tasks)


def node_key(task_id: str) -> str:
    """A task's id with everything replaced that a node key cannot have."""
    key = _NOT_IN_KEYS.sub("_", task_id)
    return key if key[:1].isalpha() or key[:1] == "_" else f"_{key}"


def _keys_of(ids: Mapping[str, Any]) -> dict[str, str]:
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for id_ in ids:
        key = wanted = node_key(id_)
        number = 2
        while key in taken:
            key, number = f"{wanted}-{number}", number + 1
        keys[id_] = key
        taken.add(key)
    return keys


def _parents_first(parents: Mapping[str, set[str]]) -> list[str]:
    """All ids, each after its parents, else as they came."""
    children: dict[str, list[str]] = {id_: [] for id_ in parents}
    missing = {}
    for id_, needed in parents.items():
        missing[id_] = len(needed)
        for parent in needed:
            if parent not in children:
                raise ValueError(f"{id_} has the parent {parent}, which is no task")
            children[parent].append(id_)
    ordered = [id_ for id_, count in missing.items() if count == 0]
    for id_ in ordered:
        for child in children[id_]:
            missing[child] -= 1
            if missing[child] == 0:
                ordered.append(child)
    if len(ordered) < len(parents):
        raise ValueError("the tasks wait for each other in a circle")
    return ordered


def main() -> None:
    paths = [Path(word) for word in sys.argv[1:]] or instance_files(instances_folder())
    print(
        f"{'workflow':<14}{'tasks':>7}{'edges':>7}{'sum s':>10}{'longest s':>11}{'8 workers s':>13}"
    )
    for path in paths:
        instance = read_instance(path)
        parents, seconds = instance.parents, instance.seconds
        scheduled = list_schedule(parents, seconds, 8, longest_path_first(parents, seconds))
        print(
            f"{instance.name:<14}{len(parents):>7,}{sum(map(len, parents.values())):>7,}"
            f"{sum(seconds.values()):>10,.1f}{critical_path(parents, seconds):>11,.1f}"
            f"{scheduled.makespan:>11,.1f}"
        )


if __name__ == "__main__":
    main()
