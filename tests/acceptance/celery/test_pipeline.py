"""Must R4.9 and R4.10 be true of a real run? The example chain, read by the seed's endpoints."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from examples.document_chain.extracting import SETTING
from examples.document_chain.samples import RECEIPT, pdf_of
from tests.support.document_extractors import BUSY, EXTRACTOR, FOLDER, HELD, LET_GO
from tests.support.redis_process import RedisProcess
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

BROKER_NUMBER = 7
OCR, LLM, LAYOUT, EXCEL = STAGES = tuple(
    f"pipeline.{stage}_stage" for stage in ("ocr", "llm", "layout", "excel")
)
DONE, DAMAGED = "done.pdf", "damaged.pdf"
SENT = (HELD, DONE, DAMAGED, BUSY)
SETTLED_WITHIN = 60.0
WORDS_OF_THE_END = {"SUCCESS", "FAILURE", "REVOKED"}

SEND = """
import json, sys
from examples.document_chain.starting import start_cr_extract_pipeline
options = {"output": sys.argv[1]}
print(json.dumps([start_cr_extract_pipeline(f, options, "kim") for f in sys.argv[2:]]))
"""


class Pipeline:
    """The example's application with a broker, a ledger and documents of its own."""

    def __init__(self, redis: RedisProcess, ledger_url: str, folder: Path) -> None:
        self.broker = redis.url(BROKER_NUMBER)
        self.folder = folder
        self.log = folder / "worker.log"
        kept = {name: text for name, text in os.environ.items() if not name.startswith("EVERYRUN_")}
        self.environment = kept | {
            "DOCUMENT_CHAIN_BROKER": self.broker,
            SETTING: EXTRACTOR,
            FOLDER: str(folder),
            "EVERYRUN_URL": ledger_url,
            "EVERYRUN_HOME": str(folder / "home"),
            "EVERYRUN_FLUSH_INTERVAL": "0.05",
        }
        for name in (HELD, DONE, BUSY):
            (folder / name).write_bytes(pdf_of(RECEIPT))
        (folder / DAMAGED).write_bytes(b"no PDF")

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """A worker with two processes."""
        words = ["celery", "-A", "examples.document_chain.application", "worker"]
        words += [
            "--concurrency",
            "2",
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
        ]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *words], env=self.environment, stdout=log, stderr=log
            )

    def send(self, *names: str) -> list[str]:
        """Start a chain for each document; their ids."""
        files = [str(self.folder / name) for name in names]
        command = [sys.executable, "-c", SEND, str(self.folder / "out"), *files]
        done = subprocess.run(
            command, env=self.environment, check=True, stdout=subprocess.PIPE, timeout=120
        )
        ids: list[str] = json.loads(done.stdout)
        return ids

    def let_go(self) -> None:
        """Let what is held end."""
        (self.folder / LET_GO).touch()

    def received(self) -> dict[str, str]:
        """Task id -> name of every message that the worker says it received."""
        told = re.findall(r"Task (\S+)\[(\S+)\] received", self.log.read_text())
        return {task_id: name for name, task_id in told}


@pytest.fixture
def pipeline(redis_server: RedisProcess, database_url: str, tmp_path: Path) -> Iterator[Pipeline]:
    """The application, with its worker running."""
    made = Pipeline(redis_server, database_url, tmp_path)
    worker = made.start_worker()
    yield made
    made.let_go()
    worker.terminate()
    worker.wait(60)
    with redis_server.client(BROKER_NUMBER) as client:
        client.flushdb()


class Reader:
    """Somebody who reads the seed's endpoints."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def get(self, path: str) -> Any:
        """What is answered there."""
        answer = self._http.get(path)
        assert 200 == answer.status_code, answer.text
        return answer.json()

    def chain(self, chain_id: str) -> dict[str, Any]:
        """The status of a chain."""
        found: dict[str, Any] = self.get(f"/pipeline/status/{chain_id}")
        return found

    def is_over(self, chain_id: str) -> bool:
        """Whether a chain and all of its tasks have ended."""
        chain = self.chain(chain_id)
        return {chain["status"], *_words(chain)} <= WORDS_OF_THE_END


def _words(chain: dict[str, Any]) -> list[str]:
    return [task["status"] for task in chain["tasks"]]


def test_status_and_history_equal_the_seed_over_a_real_run(
    pipeline: Pipeline, database_url: str, tmp_path: Path
) -> None:
    home = tmp_path / "server"
    server = ServerProcess(database_url, home, EVERYRUN_CELERY_BROKER_URL=pipeline.broker)
    with server, server.client() as http:
        reader = Reader(http)
        ids = dict(zip(SENT, pipeline.send(*SENT), strict=True))
        held = ids[HELD]
        wait_until(lambda: _words(reader.chain(held))[1:2] == ["STARTED"], "the held stage", 60)
        half_way = reader.chain(held)
        [chosen] = [task["task_id"] for task in half_way["tasks"] if task["task_name"] == LAYOUT]
        revoked = http.post("/api/v1/celery/revoke", json={"task_ids": [chosen]})
        pipeline.let_go()
        for chain_id in ids.values():
            wait_until(partial(reader.is_over, chain_id), "settled chains", SETTLED_WITHIN)
        chains = {name: reader.chain(chain_id) for name, chain_id in ids.items()}
        history = reader.get("/pipeline/history?limit=100&offset=0")
        page = reader.get("/pipeline/history?limit=2&offset=1")
        missing = http.get("/pipeline/status/nobody")

    assert 200 == revoked.status_code, revoked.text
    assert [True] == [worker["ok"] for worker in revoked.json()["workers"]]
    _is_as_the_seed_says(half_way, held, "STARTED", ["SUCCESS", "STARTED", "PENDING", "PENDING"])
    _is_as_the_seed_says(chains[DONE], ids[DONE], "SUCCESS", ["SUCCESS"] * 4)
    _is_as_the_seed_says(chains[BUSY], ids[BUSY], "SUCCESS", ["SUCCESS"] * 4, retried=LLM)
    _is_as_the_seed_says(
        chains[DAMAGED],
        ids[DAMAGED],
        "FAILURE",
        ["FAILURE", *["REVOKED"] * 3],
        errors={
            OCR: "damaged.pdf is no PDF that can be read: Failed to load document "
            "(PDFium: Data format error).",
            **dict.fromkeys((LLM, LAYOUT, EXCEL), f"Task {OCR} failed"),
        },
    )
    _is_as_the_seed_says(
        chains[HELD],
        held,
        "REVOKED",
        ["SUCCESS", "SUCCESS", "REVOKED", "REVOKED"],
        errors={LAYOUT: "revoked", EXCEL: f"Task {LAYOUT} was revoked"},
    )
    _ids_are_celerys(pipeline, list(chains.values()))
    assert [_history_row(chains[name]) for name in reversed(SENT)] == history
    assert history[1:3] == page
    assert (404, "Chain not found") == (missing.status_code, missing.json()["detail"])


def _is_as_the_seed_says(
    chain: dict[str, Any],
    chain_id: str,
    status: str,
    words: list[str],
    *,
    errors: dict[str, str] | None = None,
    retried: str | None = None,
) -> None:
    """Every field of R4.9, and none besides."""
    errors = errors or {}
    failed = [stage for stage, word in zip(STAGES, words, strict=True) if word == "FAILURE"]
    done = words.count("SUCCESS")
    expected = {
        "chain_id": chain_id,
        "chain_name": "cr_extract_workflow",
        "status": status,
        "progress": done / 4,
        "total_tasks": 4,
        "completed_tasks": done,
        "failed_tasks": len(failed),
        "started_at": True,
        "finished_at": status in WORDS_OF_THE_END,
        "error_message": f"Task {failed[0]} failed: {errors[failed[0]]}" if failed else None,
        "tasks": [
            {
                "task_id": True,
                "task_name": stage,
                "status": word,
                "retries": int(stage == retried),
                "error": errors.get(stage),
                "started_at": word in {"SUCCESS", "FAILURE", "STARTED"},
                "finished_at": word in WORDS_OF_THE_END,
            }
            for stage, word in zip(STAGES, words, strict=True)
        ],
    }

    tasks = [_without_moments(task, "task_id") for task in chain["tasks"]]
    assert expected == _without_moments(chain) | {"tasks": tasks}
    _moments_agree(chain)


def _without_moments(document: dict[str, Any], *unknown: str) -> dict[str, Any]:
    """A document that says of moments and of ``unknown`` fields only whether they are there."""
    hidden = ("started_at", "finished_at", *unknown)
    return document | {name: document[name] is not None for name in hidden}


def _moments_agree(chain: dict[str, Any]) -> None:
    """A chain starts with its first task (R4.5) and is over with its last; tasks by their start."""
    starts = [_moment(task["started_at"]) for task in chain["tasks"] if task["started_at"]]
    ends = [_moment(task["finished_at"]) for task in chain["tasks"] if task["finished_at"]]

    assert sorted(starts) == starts
    assert _moment(chain["started_at"]) <= starts[0]
    assert all(moment.utcoffset() == timedelta(0) for moment in starts + ends)
    if chain["status"] in {"SUCCESS", "REVOKED"}:
        assert max(ends) <= _moment(chain["finished_at"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _ids_are_celerys(pipeline: Pipeline, chains: list[dict[str, Any]]) -> None:
    """What ran, by the ids and the names that the worker wrote into its own log."""
    told = {
        task["task_id"]: task["task_name"]
        for chain in chains
        for task in chain["tasks"]
        if task["started_at"] or task["error"] == "revoked"
    }

    assert pipeline.received() == told


def _history_row(chain: dict[str, Any]) -> dict[str, Any]:
    """What the history says of a chain, R4.10: seven of the fields of its status."""
    names = ("chain_id", "chain_name", "status", "completed_tasks", "total_tasks")
    return {name: chain[name] for name in (*names, "started_at", "finished_at")}
