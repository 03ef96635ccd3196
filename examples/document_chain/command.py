"""``python -m examples.document_chain FILE …``: run the chain over documents, say how it went.

Ends with 1 when a document could not be made a spreadsheet.
"""

import argparse
import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import everyrun

SECONDS_TO_SHIP = 30.0
WORKER_LOG = "worker.log"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks. Answers the exit code."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    output = asked.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    files = [path.resolve() for path in asked.files]
    if asked.samples:
        from examples.document_chain.samples import write_samples

        files += write_samples(output / "samples")
    if not files:
        parser.error("name a document at least, or give --samples")
    with _workers(asked.broker, asked.processes, output / WORKER_LOG) as work_goes_on:
        options = {"output": str(output), "language": asked.language}
        return _run(files, options, asked.by or getpass.getuser(), work_goes_on)


@contextmanager
def _workers(broker: str | None, processes: int, log: Path) -> Iterator[Callable[[], bool]]:
    """Workers of the broker's, or of our own; answers who knows whether they still work."""
    from examples.document_chain import services
    from examples.document_chain.application import app

    if broker is not None:
        app.conf["broker_url"] = broker
        yield lambda: True
        return
    with services.own_redis() as own, services.own_worker(own, processes, log) as worker:
        print(f"A Redis and a worker of our own have started; the worker's log is {log}")
        app.conf["broker_url"] = own
        yield lambda: worker.poll() is None


def _run(
    files: Sequence[Path], options: dict[str, Any], by: str, work_goes_on: Callable[[], bool]
) -> int:
    from examples.document_chain.starting import start_cr_extract_pipeline
    from examples.document_chain.watching import settled

    chains = {path: start_cr_extract_pipeline(str(path), options, by) for path in files}
    everyrun.flush(SECONDS_TO_SHIP)
    failed = 0
    for path, chain_id in chains.items():
        record = settled(chain_id, work_goes_on)
        failed += record["status"] != "completed"
        print(f"\n{path.name}: {record['status']}")
        print(f"    {_outcome(path, options, record)}")
        print(f"    everyrun show {chain_id}", flush=True)
    return 1 if failed else 0


def _outcome(path: Path, options: dict[str, Any], record: dict[str, Any]) -> str:
    if record["status"] == "completed":
        return str(Path(options["output"]) / f"{path.name}.xlsx")
    return record["error_message"] or "its worker has ended; see the worker's log"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m examples.document_chain",
        description="Turn documents (PDF, images) into spreadsheets, on Celery workers.",
    )
    parser.add_argument("files", metavar="FILE", type=Path, nargs="*", help="PDF or image")
    parser.add_argument("--samples", action="store_true", help="and over documents made up here")
    parser.add_argument(
        "--output", type=Path, default=Path("output/documents"), help="where workbooks go"
    )
    parser.add_argument(
        "--broker", metavar="URL", help="send to workers that run already; without it, own ones"
    )
    parser.add_argument("--processes", type=int, default=2, help="of the own worker")
    parser.add_argument("--language", default="eng", help="Tesseract's, such as eng+kor")
    parser.add_argument("--by", metavar="NAME", help="who asks, for the record")
    return parser
