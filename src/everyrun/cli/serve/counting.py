"""Having several processes count as one, which is decided before anything that counts is loaded."""

import atexit
import os
import shutil
import tempfile

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
WORKERS_VARIABLE = "EVERYRUN_SERVER_WORKERS"


def count_together(workers: int | None) -> None:
    """Name the folder that the processes of this server count in, where there are several."""
    wanted = str(workers or os.environ.get(WORKERS_VARIABLE, "1"))
    if wanted.isdecimal() and int(wanted) > 1:
        folder = tempfile.mkdtemp(prefix="everyrun-metrics-")
        os.environ[FOLDER_VARIABLE] = folder
        atexit.register(_remove, folder, os.getpid())


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
