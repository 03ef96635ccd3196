"""Clients as the seeds' documents write them: they know nothing of Everyrun."""

from typing import Any

import httpx

T0 = "2026-11-28T09:00:00.250000+09:00"
T1 = "2026-11-28T09:00:01.500000+09:00"
T2 = "2026-11-28T09:00:02+09:00"


class ScriptClient:
    """What seed 000's and 001's user interface and node wrapper send."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def get(self, path: str, **params: Any) -> Any:
        response = self.http.get(path, params=params)
        assert 200 == response.status_code, response.text
        return response.json()

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        response = self.http.post(path, json=body)
        assert status == response.status_code, response.text
        return response.json()

    def create(self, name: str = "nightly", **more: Any) -> int:
        """A new script's number."""
        made = self.post("/api/scripts", {"name": name, **more})
        number: int = made["data"]["id"]
        return number

    def log(self, status: str = "running", **more: Any) -> int:
        """Send one node log (``send_log``); its log_id."""
        of: dict[str, Any] = {
            "execution_id": "20261128-090000-a3f9b2",
            "node_id": "node_1",
            "node_type": "condition",
            "node_name": "조건",
            "started_at": T0,
            "parameters": {"threshold": 0.8},
        }
        ended = {} if status == "running" else {"finished_at": T1, "execution_time_ms": 1250}
        answer = self.post("/api/logs/node-execution", {**of, "status": status, **ended, **more})
        assert answer["success"] is True
        number: int = answer["log_id"]
        return number

    def logs(self, **filters: Any) -> list[dict[str, Any]]:
        """``getNodeExecutionLogs``."""
        answer = self.get("/api/logs/node-execution", **filters)
        rows: list[dict[str, Any]] = answer["data"]
        assert answer["success"] is True and len(rows) == answer["count"]
        return rows

    def record(self, script_id: int, status: str = "success", **more: Any) -> dict[str, Any]:
        """``recordScriptExecution``."""
        body = {"status": status, "error_message": None, "execution_time_ms": 1500, **more}
        answer: dict[str, Any] = self.post(f"/api/scripts/{script_id}/execution-record", body)
        return answer

    def dashboard(self, **params: Any) -> dict[str, int]:
        """``loadDashboardStats``."""
        data: dict[str, int] = self.get("/api/dashboard/stats", **params)["data"]
        return data

    def stats(self) -> dict[str, float]:
        """The log statistics."""
        data: dict[str, float] = self.get("/api/logs/stats")["data"]
        return data
