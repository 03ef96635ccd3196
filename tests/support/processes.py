"""Which processes run on this machine, as the kernel says."""

from pathlib import Path

_PROC = Path("/proc")


def processes_with(argument: str) -> list[int]:
    """The ids of those that have ``argument`` among their words."""
    return [
        int(folder.name)
        for folder in _PROC.iterdir()
        if folder.name.isdecimal() and argument.encode() in _read(folder / "cmdline").split(b"\0")
    ]


def children_of(process: int) -> list[int]:
    """The ids of those that ``process`` has started and not buried."""
    threads = (_PROC / str(process) / "task").iterdir()
    return [int(child) for thread in threads for child in _read(thread / "children").split()]


def is_running(process: int) -> bool:
    """Whether it is there, and not dead and unburied."""
    status = _read(_PROC / str(process) / "status")
    return bool(status) and b"\nState:\tZ" not in status


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has just ended
        return b""
