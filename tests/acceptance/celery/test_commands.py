"""What operators tell workers, from the command line and with a real worker."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from everyrun.domain.brokers import NoWorkerAnswered
from everyrun.domain.views.celery import PingRequest, RateLimitRequest
from everyrun.integrations.celery.commanding import Commander
from tests.support.celery_ledger import Ledger
from tests.support.celery_processes import Shop
from tests.support.waiting import wait_until

SETTLED_WITHIN = 60.0


class Operator:
    """Somebody at a terminal."""

    def __init__(self, shop: Shop) -> None:
        self._environment = os.environ | {
            "EVERYRUN_HOME": str(shop.home),
            "EVERYRUN_CELERY_BROKER_URL": shop.redis.url(shop.broker),
        }

    def tells(self, *words: str) -> tuple[int, Any]:
        """A command's exit code and the workers' answers."""
        done = subprocess.run(
            [sys.executable, "-m", "everyrun.cli", "celery", *words, "--json"],
            env=self._environment,
            check=False,
            stdout=subprocess.PIPE,
            timeout=60,
        )
        return done.returncode, json.loads(done.stdout)["workers"]


def test_workers_hear_what_an_operator_says(shop: Shop, tmp_path: Path) -> None:
    operator, ledger = Operator(shop), Ledger(shop.ledger_url)
    with shop.worker("prefork", "--hostname", "one@here"):
        shop.python("start(chain(hang.si(), add.si(1)), 'stuck', chain_id='order-17')")
        wait_until(
            lambda: any(row.status == "running" for row in ledger.rows()), "it runs", SETTLED_WITHIN
        )
        there = operator.tells("ping", "--seconds", "0.5")
        commander = Commander(shop.redis.url(shop.broker))
        nobody = commander.ping(PingRequest(workers=["two@here"], seconds=0.2))
        limited = commander.rate_limit(RateLimitRequest(task="shop.add", rate="10/m", seconds=0.5))
        with pytest.raises(NoWorkerAnswered, match="redis\\.sock"):
            commander.rate_limit(RateLimitRequest(task="a", rate="0", workers=["x"], seconds=0.2))
        unknown = commander.rate_limit(RateLimitRequest(task="shop.no", rate="1/s", seconds=0.5))
        revoked = operator.tells("revoke", "--execution", "order-17", "--terminate")
        wait_until(lambda: not ledger.unsettled(), "a chain that has ended", SETTLED_WITHIN)

    assert (0, [{"worker": "one@here", "ok": True, "answer": "pong"}]) == there
    assert [] == nobody
    assert [True] == [worker.ok for worker in limited]
    assert [(False, "unknown task")] == [(worker.ok, worker.answer) for worker in unknown]
    assert (0, True) == (revoked[0], revoked[1][0]["ok"])
    assert [("stuck", "cancelled", None)] == ledger.executions()
    assert {("shop.hang", "cancelled"), ("shop.add", "skipped")} == {
        (row.name, row.status) for row in ledger.rows()
    }
