"""The graphs that are measured: a chain, a fan, and the real ones that are at hand."""

from pathlib import Path

from benchmarks.graph_runs.definitions import Parents
from benchmarks.wfcommons import instance_files, instances_folder, read_instance


def chain(count: int) -> dict[str, tuple[str, ...]]:
    """One after the other."""
    return {f"n{number}": (f"n{number - 1}",) if number else () for number in range(count)}


def fan(count: int) -> dict[str, tuple[str, ...]]:
    """One, then all but two together, then one that needs all of these."""
    middle = [f"n{number}" for number in range(1, count - 1)]
    return {"first": (), **dict.fromkeys(middle, ("first",)), "last": tuple(middle)}


def shape_names() -> list[str]:
    """What :func:`shape_of` takes: chain, fan, and the WfCommons files, the smallest first."""
    return ["chain", "fan", *(str(path) for path in instance_files(instances_folder()))]


def shape_of(name: str, nodes: int) -> Parents:
    """A chain or fan of so many nodes, or the graph of a file."""
    if name == "chain":
        return chain(nodes)
    if name == "fan":
        return fan(nodes)
    return read_instance(Path(name)).parents
