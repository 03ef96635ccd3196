"""What the seeds' endpoints say in words: Korean as the seeds do, English for who prefers it."""

from everyrun.server.languages import preferred_language
from everyrun.server.visit import Visit

_SENTENCES: dict[str, tuple[str, str]] = {
    "node_logged": ("노드 실행 로그가 생성되었습니다.", "The node execution was logged."),
    "node_logs": ("노드 실행 로그 조회 완료", "Node execution logs"),
    "failed_node_logs": ("실패한 노드 실행 로그 조회 완료", "Failed node execution logs"),
    "node_log_deleted": ("노드 실행 로그가 삭제되었습니다.", "The node execution log was deleted."),
    "node_logs_deleted": (
        "{count}개의 노드 실행 로그가 삭제되었습니다.",
        "{count} node execution logs were deleted.",
    ),
    "all_node_logs_deleted": (
        "모든 노드 실행 로그({count}개)가 삭제되었습니다.",
        "All node execution logs ({count}) were deleted.",
    ),
    "log_stats": ("로그 통계 조회 완료", "Log statistics"),
    "scripts": ("스크립트 목록 조회 완료", "Scripts"),
    "script": ("스크립트 조회 완료", "Script"),
    "script_created": ("스크립트가 생성되었습니다.", "The script was created."),
    "script_updated": ("스크립트가 업데이트되었습니다.", "The script was updated."),
    "script_deleted": ("스크립트가 삭제되었습니다.", "The script was deleted."),
    "script_on": ("스크립트가 활성화되었습니다.", "The script is active."),
    "script_off": ("스크립트가 비활성화되었습니다.", "The script is inactive."),
    "scripts_ordered": ("스크립트 순서가 업데이트되었습니다.", "The order was updated."),
    "script_started": ("스크립트 실행이 시작되었습니다.", "The script was started."),
    "script_recorded": (
        "스크립트 실행 기록이 저장되었습니다.",
        "The script's execution was recorded.",
    ),
    "summary_recorded": ("실행 요약 정보가 저장되었습니다.", "The summary was recorded."),
    "dashboard": ("대시보드 통계 조회 완료", "Dashboard statistics"),
    "job_started": ("작업 시작됨", "Job started"),
    "job_known": ("이미 시작된 작업입니다.", "This job was started before."),
}

JOB_BEGAN = "🚀 작업 시작"
JOB_COMPLETED = "🎉 작업 완료"
JOB_FAILED = "❌ 오류: {error}"
JOB_CANCELLED = "🛑 작업 취소됨"
"""The lines that frame a job's own. In one language: the seeds' page looks for ``작업 완료``."""


def language_of(visit: Visit) -> str:
    """``ko`` or ``en``; Korean for who asks for neither, as the seeds have it."""
    return preferred_language(visit.request.headers.get("accept-language", "")) or "ko"


def say(visit: Visit, key: str, **values: object) -> str:
    """A sentence in the caller's language."""
    korean, english = _SENTENCES[key]
    return (english if language_of(visit) == "en" else korean).format(**values)
