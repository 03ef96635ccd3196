"""Statuses, units, times and counts."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    # Statuses.
    "status_pending": Sentence("pending", "대기"),
    "status_running": Sentence("running", "실행 중"),
    "status_retrying": Sentence("retrying", "재시도 중"),
    "status_lost": Sentence("lost", "연락 두절"),
    "status_completed": Sentence("completed", "완료"),
    "status_failed": Sentence("failed", "실패"),
    "status_cancelled": Sentence("cancelled", "취소"),
    "status_skipped": Sentence("skipped", "건너뜀"),
    # Units and times.
    "milliseconds": Sentence("{value} ms", "{value}ms"),
    "seconds": Sentence("{value} s", "{value}초"),
    "minutes_seconds": Sentence("{minutes} m {seconds:02d} s", "{minutes}분 {seconds:02d}초"),
    "hours_minutes": Sentence("{hours} h {minutes:02d} m", "{hours}시간 {minutes:02d}분"),
    "days_hours": Sentence("{days} d {hours:02d} h", "{days}일 {hours:02d}시간"),
    "span_seconds": Sentence("{value} s", "{value}초"),
    "span_minutes": Sentence("{value} m", "{value}분"),
    "span_hours": Sentence("{value} h", "{value}시간"),
    "span_days": Sentence("{value} d", "{value}일"),
    "ago": Sentence("{span} ago", "{span} 전"),
    "from_now": Sentence("in {span}", "{span} 후"),
    "just_now": Sentence("just now", "방금"),
    "so_far": Sentence("{span} so far", "{span} 경과"),
    # Counts.
    "one_execution": Sentence("{count} execution", "실행 {count}개"),
    "many_execution": Sentence("{count} executions", "실행 {count}개"),
    "one_event": Sentence("{count} event", "이벤트 {count}개"),
    "many_event": Sentence("{count} events", "이벤트 {count}개"),
    "one_process": Sentence("{count} process", "프로세스 {count}개"),
    "many_process": Sentence("{count} processes", "프로세스 {count}개"),
    "one_node": Sentence("{count} node", "노드 {count}개"),
    "many_node": Sentence("{count} nodes", "노드 {count}개"),
    "one_problem": Sentence("{count} problem", "문제 {count}개"),
    "many_problem": Sentence("{count} problems", "문제 {count}개"),
    "one_difference": Sentence("{count} difference", "차이 {count}개"),
    "many_difference": Sentence("{count} differences", "차이 {count}개"),
}
